import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const LONGEST = 300;

const files = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.ts'),
);
const pageFiles = readdirSync(join(ROOT, 'page/src'), { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(ts|css)$/.test(name))
  .map((name) => ({ name, text: readFileSync(join(ROOT, 'page/src', name), 'utf8') }));
const floors: readonly (readonly string[])[] = JSON.parse(
  readFileSync(join(ROOT, 'scripts/floors.json'), 'utf8'),
);

describe('the source tree', () => {
  it('has no file that is too long to be one thought', () => {
    const lines = (name: string): number =>
      readFileSync(join(ROOT, 'src', name), 'utf8').split('\n').length - 1;
    expect(files.filter((name) => lines(name) > LONGEST)).toEqual([]);
    expect(pageFiles.filter(({ text }) => text.split('\n').length - 1 > LONGEST)).toEqual([]);
  });

  it('has a page that knows of the program only what the API looks like', () => {
    const imports = pageFiles.flatMap(({ name, text }) =>
      [...text.matchAll(/^(?:import|export)\b[^;]*?from '([^']*\/src\/[^']*)'/gm)].map(
        ([statement, from]) => ({ name, from, typesOnly: statement.startsWith('import type ') }),
      ),
    );
    expect(imports.length).toBeGreaterThan(0);
    expect(imports.filter(({ from, typesOnly }) => !typesOnly || !from?.endsWith('/src/web/api.ts'))).toEqual(
      [],
    );
  });

  it('has a floor for each folder', () => {
    const folders = new Set(files.map(dirname).map((folder) => folder.split('/')[0]));
    folders.delete('.');
    expect([...folders].sort()).toEqual(floors.flat().sort());
  });

  it('is told floor by floor to whoever changes it', () => {
    const guide = readFileSync(join(ROOT, 'AGENTS.md'), 'utf8');
    const told = [...guide.matchAll(/^\| (\d+) \| `src\/(\w+)\/` \|/gm)].map(
      ([, floor, folder]) => `${floor} ${folder}`,
    );
    const checked = floors.flatMap((folders, index) => folders.map((folder) => `${index + 1} ${folder}`));
    expect(told.sort()).toEqual(checked.sort());
  });
});
