import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configKeys } from '../../src/config/keys.ts';
import { flattenKeys } from '../../src/schema/key.ts';
import { loadFile, METER } from '../config/support/loading.ts';
import { runCli } from '../support/run-cli.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const read = (page: string): string => readFileSync(join(ROOT, page), 'utf8');
const README = read('README.md');
/** A page for each reader: who has what. */
const READERS = [
  'docs/home-assistant.md',
  'docs/from-scripts.md',
  'docs/migrating.md',
  'docs/many-meters.md',
];
const PAGES = ['README.md', ...READERS];
/** As `wc -w` counts them. */
const words = (text: string): number => text.split(/\s+/).filter(Boolean).length;

describe('README.md', () => {
  const [first, second] = Array.from(README.matchAll(/^```\n([\s\S]*?)\n```$/gm), ([, block]) => block);

  it('is read in one screen before the first value', () => {
    expect(words(README)).toBeLessThanOrEqual(650);
  });

  it('begins with a picture and the two commands', () => {
    expect([first, second]).toEqual(['npm ci && npm run demo', 'npm ci && npm test']);
    expect(README.indexOf('](docs/images/')).toBeLessThan(README.indexOf('```'));
  });

  it('leads to the page of each reader', () => {
    for (const page of READERS) expect(README).toContain(`](${page})`);
  });
});

it('the pages of the readers are short', () => {
  expect(words(READERS.map(read).join('\n'))).toBeLessThanOrEqual(2_300);
});

it('no secret stands in the example that git takes along', () => {
  const example = JSON.parse(read('config.json'));
  const secrets = flattenKeys(configKeys).filter(([, key]) => key.secret === true);
  expect(secrets.length).toBeGreaterThan(4);
  for (const [path] of secrets) {
    const value = path.split('.').reduce((group, name) => group?.[name], example);
    expect(value ?? '', path).toBe('');
  }
});

describe.each(PAGES)('%s', (page) => {
  const text = read(page);
  const json = Array.from(text.matchAll(/^```json\n([\s\S]*?)\n```$/gm), ([, block = '']) => block);

  it('has configurations that can be loaded', () => {
    for (const block of json)
      expect(() => loadFile({ meters: [METER], ...JSON.parse(block) }), block).not.toThrow();
  });

  it('names commands and options that there are', async () => {
    const typed = Array.from(text.matchAll(/(?:`|\bnpx )multical2mqtt ([a-z]+)([^`\n]*)/g));
    for (const [line, command = '', rest = ''] of typed) {
      const { code, out } = await runCli([command, '--help']);
      expect(code, line).toBe(0);
      for (const [flag] of rest.matchAll(/--[a-z-]+/g)) expect(out, line).toContain(`${flag} `);
    }
    expect(typed.length).toBeGreaterThan(0);
  });

  it('names scripts of npm that there are', () => {
    const { scripts } = JSON.parse(read('package.json'));
    for (const [, script = ''] of text.matchAll(/\bnpm run ([a-z:]+)/g))
      expect(scripts).toHaveProperty(script);
  });
});
