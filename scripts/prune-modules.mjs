// Takes out of a node_modules folder what no running program reads: node scripts/prune-modules.mjs FOLDER [ARCH...]
// ARCH: the machines whose native code stays, as Node names them (x64, arm64); default: this one's.
import { readdirSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import process from 'node:process';

const [root, ...architectures] = process.argv.slice(2);
if (root === undefined) throw new Error('which folder?');
const kept = (architectures.length > 0 ? architectures : [process.arch]).map((arch) => `linux-${arch}`);

// The image has a Node that brings its own SQLite.
const SQLITE = ['libsql', '@libsql', '@neon-rs'];
const WHOLE = [
  ...SQLITE,
  '@types',
  'undici-types',
  'node-addon-api',
  'mqtt/dist',
  '@serialport/bindings-cpp/src',
];
const NEEDLESS =
  /\.(map|md|markdown|d\.[cm]?ts|ts|gypi?|cpp|h|html|ya?ml)$|^\.|^(tests?|example|examples|docs?|bench|benchmark)$/i;
const LICENCE = /^(licen[cs]e|copying|notice)/i;

for (const folder of WHOLE) rmSync(join(root, folder), { recursive: true, force: true });
prune(root);

/**
 * What a licence demands to be handed on stays.
 * @param {string} folder
 */
function prune(folder) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const isFolder = statSync(path).isDirectory();
    if (LICENCE.test(name)) continue;
    // The Debian image has glibc; a prebuild for musl would be the same code again.
    const otherMachine = basename(folder) === 'prebuilds' && !kept.includes(name);
    if (otherMachine || name.endsWith('.musl.node') || NEEDLESS.test(name)) rmSync(path, { recursive: true });
    else if (isFolder) prune(path);
  }
}
