// Brings the built program up to date with its source, for the demo: nothing where it is newer, and without a check of types,
// which `npm run build` and `npm run check` make, where it is not: node scripts/build-if-older.mjs
import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';

const root = resolve(import.meta.dirname, '..');
const built = join(root, 'dist/main.js');
const sources = ['src', 'page'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) =>
    join(root, folder, name),
  ),
);
const newest = Math.max(...[...sources, join(root, 'tsconfig.build.json')].map(changedAt));
if (changedAt(built) <= newest) {
  // A build that is broken off leaves no program that looks whole.
  rmSync(built, { force: true });
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const words = [tsc, '-p', join(root, 'tsconfig.build.json'), '--noCheck'];
  const page = [join(root, 'scripts/build-page.mjs')];
  const failed = [page, words].find(
    (each) => spawnSync(process.execPath, each, { stdio: 'inherit' }).status !== 0,
  );
  if (failed !== undefined) rmSync(built, { force: true });
  process.exitCode = failed === undefined ? 0 : 1;
}

/** @param {string} path */
function changedAt(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
