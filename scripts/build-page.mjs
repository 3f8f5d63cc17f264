// Bundles page/ into dist/page/: names that change with their content, each with .br and .gz beside it, and the licences of
// what is in them: node scripts/build-page.mjs [OUT]
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import process from 'node:process';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const root = resolve(import.meta.dirname, '..');
const source = join(root, 'page');
const target = resolve(process.argv[2] ?? join(root, 'dist/page'));
/** Packages whose code is in the bundle. */
const BUNDLED = ['lit', '@lit/reactive-element', 'lit-html', 'lit-element', 'uplot', '@mdi/js'];

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
const { metafile } = await build({
  entryPoints: [join(source, 'src/main.ts'), join(source, 'src/style/style.css'), join(source, 'icon.svg')],
  outdir: target,
  entryNames: '[name]-[hash]',
  chunkNames: '[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  minify: true,
  target: ['es2022', 'chrome109', 'firefox115', 'safari16.4'],
  loader: { '.svg': 'copy' },
  legalComments: 'none',
  charset: 'utf8',
  metafile: true,
  absWorkingDir: root,
  logLevel: 'warning',
  // What else stands in a tsconfig.json is for the check.
  tsconfigRaw: { compilerOptions: { useDefineForClassFields: true } },
});

/** @type {Record<string, string>} */
const names = {};
for (const [path, { entryPoint }] of Object.entries(metafile.outputs)) {
  if (entryPoint !== undefined) names[basename(entryPoint).replace(/\.ts$/, '.js')] = basename(path);
}
for (const name of readdirSync(target)) if (name.startsWith('icon-')) names['icon.svg'] = name;
const page = readFileSync(join(source, 'index.html'), 'utf8');
writeFileSync(
  join(target, 'index.html'),
  page.replace(/\{([\w.]+)\}/g, (_, name) => {
    const built = names[name];
    if (built === undefined) throw new Error(`page/index.html names ${name}, which is not built`);
    return built;
  }),
);
for (const name of readdirSync(target)) {
  const content = readFileSync(join(target, name));
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
  writeFileSync(join(target, `${name}.br`), brotliCompressSync(content, { params }));
  writeFileSync(join(target, `${name}.gz`), gzipSync(content, { level: 9 }));
}
writeFileSync(join(target, 'LICENSES.txt'), BUNDLED.map(licence).join('\n\n'));

/** @param {string} name */
function licence(name) {
  const folder = join(root, 'node_modules', name);
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return `${name} ${version}\n\n${readFileSync(join(folder, 'LICENSE'), 'utf8').trim()}\n`;
}
