import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { markdown } from '../../scripts/docs/markdown.ts';
import { pagesBelow, tablesIn, textOf } from '../../scripts/docs/pages.ts';
import { TABLES } from '../../scripts/docs/tables.ts';
import { configKeys } from '../../src/config/keys.ts';
import { meterKeys } from '../../src/meter/config.ts';
import { flattenKeys } from '../../src/schema/key.ts';

const TOP = resolve(import.meta.dirname, '../..');
const found = pagesBelow(TOP).flatMap((page) =>
  tablesIn(textOf(TOP, page)).map(([name, text]) => ({ name, text, page })),
);

describe('a table of the documentation that a script makes', () => {
  it.each(TABLES.map((table) => [table.name, table] as const))('is up to date: %s', (name, table) => {
    const places = found.filter((one) => one.name === name);
    expect(
      places.map(({ page }) => page),
      `the table "${name}" stands in one page`,
    ).toHaveLength(1);
    for (const { text, page } of places)
      expect(text, `${page}: the table "${name}" has drifted; run "npm run docs"`).toBe(markdown(table));
  });

  it('is one that the script knows', () => {
    const names = TABLES.map(({ name }) => name);
    expect(found.filter(({ name }) => !names.includes(name))).toEqual([]);
  });
});

describe('what the documentation says of a key', () => {
  it.each([...flattenKeys(meterKeys), ...flattenKeys(configKeys)])('is one short line: %s', (_, { doc }) => {
    expect(doc).toMatch(/\.$/);
    const words = doc.split(' ').length;
    expect(words, doc).toBeGreaterThanOrEqual(3);
    expect(words, doc).toBeLessThanOrEqual(14);
  });
});
