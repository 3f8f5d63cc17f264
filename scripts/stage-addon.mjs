// Puts together what Home Assistant's store reads: npm run addon:stage -- OUT [--local]
// Without --local: what the branch `addon` holds. With it: a folder for /addons, which Home Assistant builds by itself.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';

const root = resolve(import.meta.dirname, '..');
const { values, positionals } = parseArgs({
  options: { local: { type: 'boolean' } },
  allowPositionals: true,
});
const [out] = positionals;
if (out === undefined || positionals.length > 1) {
  process.stderr.write('Say where to: npm run addon:stage -- OUT [--local]\n');
  process.exit(2);
}
const target = join(resolve(out), 'multical2mqtt');
if (existsSync(target)) rmSync(target, { recursive: true });
mkdirSync(target, { recursive: true });
cpSync(join(root, 'addon'), target, { recursive: true });
if (values.local) stageBundle();
else writeFileSync(join(resolve(out), 'repository.yaml'), repository());
process.stdout.write(`${target}: ${readdirSync(target).join(', ')}\n`);

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
