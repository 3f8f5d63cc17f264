import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { pagesBelow, textOf } from '../../scripts/docs/pages.ts';

const TOP = resolve(import.meta.dirname, '../..');
/** Whoever adds a fact finds one that is told twice. */
const MOST_WORDS = 14_500;

/** As `wc -w` counts them, with the bars of tables. */
const words = (page: string): number => textOf(TOP, page).split(/\s+/).filter(Boolean).length;

it('the pages in docs/ are short enough to be read', () => {
  const pages = pagesBelow(TOP).filter((page) => /^docs\/[^/]+\.md$/.test(page));
  const sum = pages.reduce((total, page) => total + words(page), 0);
  expect(sum, pages.map((page) => `${words(page)} ${page}`).join('\n')).toBeLessThanOrEqual(MOST_WORDS);
});
