import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const PAGES = [ROOT, join(ROOT, 'addon'), join(ROOT, 'docs'), join(ROOT, 'docs/install')].flatMap((folder) =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.md'))
    .map((file) => join(folder, file)),
);

/** As GitHub makes them. */
function anchors(file: string): ReadonlySet<string> {
  const headings = readFileSync(file, 'utf8').matchAll(/^#+ (.+)$/gm);
  return new Set(
    Array.from(headings, ([, heading = '']) =>
      heading
        .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
        .toLowerCase()
        .replace(/[^\p{L}\p{N}_\- ]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

function broken(page: string): readonly string[] {
  return Array.from(readFileSync(page, 'utf8').matchAll(/\]\(([^)\s]+)\)/g), ([, link = '']) => link)
    .filter((link) => !/^[a-z]+:/.test(link))
    .filter((link) => {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? page : resolve(dirname(page), path);
      if (!existsSync(target)) return true;
      return anchor !== undefined && target.endsWith('.md') && !anchors(target).has(anchor);
    });
}

describe('the pages', () => {
  it.each(PAGES.map((page) => page.slice(ROOT.length + 1)))('%s links to what there is', (page) => {
    expect(broken(join(ROOT, page))).toEqual([]);
  });
});

describe('a picture from Home Assistant', () => {
  const folder = join(ROOT, 'docs/pictures');
  const text = PAGES.map((page) => readFileSync(page, 'utf8')).join('\n');

  it.each(readdirSync(folder))('%s is shown somewhere, and is quickly there', (file) => {
    expect(text).toContain(`pictures/${file})`);
    expect(statSync(join(folder, file)).size).toBeLessThan(120_000);
  });
});
