import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const DOCUMENTS = ['.', 'docs', 'docs/install', 'addon'].flatMap((folder) =>
  readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name)),
);
const read = (document: string): string => readFileSync(join(ROOT, document), 'utf8');

/** The names under which GitHub shows the headings. */
function headings(text: string): readonly string[] {
  const withoutCode = text.replaceAll(/^```[\s\S]*?^```/gm, '');
  return Array.from(withoutCode.matchAll(/^#+ (.*)$/gm), ([, heading = '']) =>
    heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(/\s/g, '-'),
  );
}

it.each(DOCUMENTS)('%s leads to files and headings that there are', (document) => {
  for (const [link, path = '', heading = ''] of read(document).matchAll(
    /\]\((?!https?:)([^)#\s]*)#?([^)\s]*)\)/g,
  )) {
    const target = path === '' ? document : relative(ROOT, resolve(ROOT, dirname(document), path));
    expect(existsSync(join(ROOT, target)), link).toBe(true);
    if (heading !== '') expect(headings(read(target)), link).toContain(heading);
  }
});
