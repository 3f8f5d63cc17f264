// Puts together what Home Assistant's store reads: npm run addon:stage -- OUT [--local]
// Without --local: what the branch `addon` holds. With it: a folder for /addons, which Home Assistant builds by itself.
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve, sep } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';

const root = resolve(import.meta.dirname, '..');
const { values, positionals } = parseArgs({
  options: { local: { type: 'boolean' } },
  allowPositionals: true,
});
const [out] = positionals;
if (out === undefined || positionals.length > 1) {
  fail('Say where to: npm run addon:stage -- OUT [--local]');
}
const target = join(resolve(out), 'multical2mqtt');
clear();
mkdirSync(target, { recursive: true });
cpSync(join(root, 'addon'), target, { recursive: true });
if (values.local) stageBundle();
else writeFileSync(join(resolve(out), 'repository.yaml'), repository());
process.stdout.write(`${target}: ${readdirSync(target).join(', ')}\n`);

/**
 * @param {string} why
 * @returns {never}
 */
function fail(why) {
  process.stderr.write(`${why}\n`);
  process.exit(2);
}

/** Makes room for the add-on, and deletes nothing but what was staged here before. A clone has the same name. */
function clear() {
  if (isWithin(target, root)) fail(`${target} is in the repository: say a folder outside`);
  if (!existsSync(target)) return;
  const found = realpathSync(target);
  if (isWithin(found, root) || isWithin(root, found))
    fail(`${target} is the repository itself: say another folder`);
  if (readdirSync(target).length > 0 && !isStaged(target))
    fail(`${target} is no add-on that was staged here before, and is left alone: say another folder`);
  rmSync(target, { recursive: true });
}

/** @param {string} folder */
function isStaged(folder) {
  const config = join(folder, 'config.yaml');
  if (existsSync(join(folder, '.git')) || !existsSync(config)) return false;
  return /^slug: multical2mqtt$/m.test(readFileSync(config, 'utf8'));
}

/**
 * @param {string} path
 * @param {string} folder
 */
function isWithin(path, folder) {
  return `${path}${sep}`.startsWith(`${folder}${sep}`);
}

function repository() {
  const { homepage } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return `name: multical2mqtt\nurl: ${homepage}\nmaintainer: The multical2mqtt authors\n`;
}

/** Home Assistant sees this folder only: the compiled program takes the place of the stage that compiles it. */
function stageBundle() {
  if (!existsSync(join(root, 'dist/main.js'))) throw new Error('npm run build comes first');
  for (const name of ['dist', 'package.json', 'package-lock.json', 'LICENSE'])
    cpSync(join(root, name), join(target, name), { recursive: true });
  cpSync(join(root, 'scripts/prune-modules.mjs'), join(target, 'scripts/prune-modules.mjs'));
  edit(
    'Dockerfile',
    join(root, 'Dockerfile'),
    /^FROM \S+ AS build\n[\s\S]*?\n\n/m,
    'FROM scratch AS build\nCOPY dist /build/dist\n\n',
  );
  // With an image named, Home Assistant would fetch that one and build nothing.
  edit('config.yaml', join(target, 'config.yaml'), /^image: .*\n/m, '');
}

/**
 * Puts `source` into the folder under a name, with one place in it replaced.
 * @param {string} name
 * @param {string} source
 * @param {RegExp} pattern
 * @param {string} replacement
 */
function edit(name, source, pattern, replacement) {
  const text = readFileSync(source, 'utf8');
  if (!pattern.test(text)) throw new Error(`${source} has changed: ${pattern} is not in it`);
  writeFileSync(join(target, name), text.replace(pattern, replacement));
}
