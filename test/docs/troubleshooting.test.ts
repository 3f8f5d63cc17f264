import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PROBLEM_GROUPS, problemGroup } from '../../src/catalogue/info-codes.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const PAGE = readFileSync(join(ROOT, 'docs/troubleshooting.md'), 'utf8');

function sources(): string {
  const folder = join(ROOT, 'src');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('\n')
    .replace(/refuses \$\{doing\}/, 'refuses publishing to refuses listening to')
    .replace(/Cannot reach \$\{this\.name\}/, 'Cannot reach tcp://');
}

describe('docs/troubleshooting.md', () => {
  it('quotes messages as the program says them', () => {
    const text = sources();
    const quoted = Array.from(PAGE.matchAll(/^- \*\*(".*?)(?::\*\*|\*\*)/gm), ([, quotes = '']) => quotes)
      .flatMap((quotes) => Array.from(quotes.matchAll(/"([^"]+)"/g), ([, message = '']) => message))
      .flatMap((message) => message.split('...').map((part) => part.trim()))
      .filter((part) => part !== '');
    expect(quoted.length).toBeGreaterThan(20);
    expect(quoted.filter((part) => !text.includes(part))).toEqual([]);
  });

  it('explains every problem that a meter may complain about', () => {
    const [, table = ''] = PAGE.split('## What the meter complains about');
    const told = Array.from(table.matchAll(/^\| (?!problem|---)(.+?) \|/gm), ([, names = '']) =>
      names.split(', '),
    );
    expect(told.flat().sort()).toEqual(PROBLEM_GROUPS.map((group) => problemGroup(group).label).sort());
  });
});
