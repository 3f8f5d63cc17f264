import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';

const ROOT = resolve(import.meta.dirname, '../..');

it('the demo builds what it starts only where that is older than its source', () => {
  const place = temporaryFolder({ 'package.json': '{"type":"module"}' });
  for (const folder of ['scripts', 'src', 'src/shared']) mkdirSync(join(place, folder));
  const copied = [
    'scripts/build-if-older.mjs',
    'scripts/build-page.mjs',
    'tsconfig.json',
    'tsconfig.build.json',
  ];
  for (const file of [...copied, 'page']) cpSync(join(ROOT, file), join(place, file), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(place, 'node_modules'));
  const source = join(place, 'src/shared/text.ts');
  writeFileSync(source, "export const text: string = 'one';\n");
  writeFileSync(join(place, 'src/main.ts'), "import { text } from './shared/text.ts';\nconsole.log(text);\n");
  const built = join(place, 'dist/main.js');
  const shown = (): string => {
    execFileSync(process.execPath, [join(place, 'scripts/build-if-older.mjs')]);
    return execFileSync(process.execPath, [built], { encoding: 'utf8' });
  };
  const touch = (file: string, seconds: number): void => utimesSync(file, seconds, seconds);
  expect(shown()).toBe('one\n');

  writeFileSync(built, "console.log('as it was');\n");
  expect(shown()).toBe('as it was\n');

  touch(built, 1_000_000_000);
  expect(shown()).toBe('one\n');

  rmSync(built);
  writeFileSync(source, 'export const = ;\n');
  expect(shown).toThrow();
  expect(() => readFileSync(built)).toThrow();
});
