// Renders the add-on's pictures from their drawings, with a Chromium of this machine: node scripts/render-images.mjs
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'images-'));
for (const [name, width, height] of [
  ['icon', 128, 128],
  ['logo', 250, 100],
]) {
  const drawing = readFileSync(join(root, `docs/images/${name}.svg`), 'utf8');
  const page = join(folder, `${name}.html`);
  const size = `width:${width}px;height:${height}px`;
  writeFileSync(page, `<style>html,body{margin:0}svg{display:block;${size}}</style>${drawing}`);
  execFileSync('chromium', [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--hide-scrollbars',
    '--default-background-color=00000000',
    `--window-size=${width},${height}`,
    `--screenshot=${join(root, `addon/${name}.png`)}`,
    `file://${page}`,
  ]);
}
rmSync(folder, { recursive: true });
