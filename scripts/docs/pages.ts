import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DocsTable, markdown } from './markdown.ts';

/** Pages whose words a person reads, relative to `top`. */
export function pagesBelow(top: string): readonly string[] {
  const docs = readdirSync(join(top, 'docs'), { recursive: true, encoding: 'utf8' });
  return [
    ...['README.md', 'AGENTS.md', 'CONTRIBUTING.md', 'SECURITY.md', 'addon/README.md', 'addon/DOCS.md'],
    ...docs.map((name) => join('docs', name)).sort(),
  ].filter((name) => name.endsWith('.md'));
}

export function textOf(top: string, page: string): string {
  return readFileSync(join(top, page), 'utf8');
}

const MADE = /<!-- made by npm run docs: (.+) -->\n([\s\S]*?)<!-- end -->/g;

/** Names of the tables that a page has, with what stands there. */
export function tablesIn(page: string): readonly (readonly [name: string, text: string])[] {
  return [...page.matchAll(MADE)].map(([, name = '', text = '']) => [name, text.trim()]);
}

/** The page as somebody wrote it. */
export function withoutTables(page: string): string {
  return page.replace(MADE, '');
}

/** The page with its tables made anew. Error: a table that nobody makes. */
export function withTables(page: string, tables: readonly DocsTable[]): string {
  return page.replace(MADE, (_, name: string) => {
    const table = tables.find((one) => one.name === name);
    if (table === undefined)
      throw new Error(`There is no table "${name}"; there are: ${tables.map((one) => one.name).join(', ')}`);
    return `<!-- made by npm run docs: ${name} -->\n\n${markdown(table)}\n\n<!-- end -->`;
  });
}
