import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { pagesBelow, textOf, withoutTables } from '../../scripts/docs/pages.ts';

const TOP = resolve(import.meta.dirname, '../..');
/** Whoever adds a fact finds one that is told twice. */
const MOST_WORDS = 14_200;

/** What somebody wrote and somebody reads: what a script makes of the catalogue is looked up. */
const words = (page: string): number =>
  withoutTables(textOf(TOP, page))
    .split(/\s+/)
    .filter((token) => /[\p{L}\p{N}]/u.test(token)).length;

it('the pages in docs/ are short enough to be read', () => {
  const pages = pagesBelow(TOP).filter((page) => page.startsWith('docs/'));
  const sum = pages.reduce((total, page) => total + words(page), 0);
  expect(sum, pages.map((page) => `${words(page)} ${page}`).join('\n')).toBeLessThanOrEqual(MOST_WORDS);
});
