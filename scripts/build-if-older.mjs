// Brings the built program up to date with its source, for the demo: nothing where it is newer, and without a check of types,
// which `npm run build` and `npm run check` make, where it is not: node scripts/build-if-older.mjs
import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';

const root = resolve(import.meta.dirname, '..');
const built = join(root, 'dist/main.js');
const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).map((name) =>
  join(root, 'src', name),
);
const newest = Math.max(...[...sources, join(root, 'tsconfig.build.json')].map(changedAt));
if (changedAt(built) <= newest) {
  // A build that is broken off leaves no program that looks whole.
  rmSync(built, { force: true });
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const words = [tsc, '-p', join(root, 'tsconfig.build.json'), '--noCheck'];
  const { status } = spawnSync(process.execPath, words, { stdio: 'inherit' });
  if (status !== 0) rmSync(built, { force: true });
  process.exitCode = status ?? 1;
}

/** @param {string} path */
function changedAt(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
