import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const SNAPSHOT_DIR = process.env.SNAPSHOT_DIR ?? '';
if (SNAPSHOT_DIR === '')
  throw new Error('Say in SNAPSHOT_DIR where to write: an empty folder, or one that is not there.');

export function dump(name: string, lines: readonly string[]): void {
  const file = join(SNAPSHOT_DIR, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, lines.map((line) => `${line}\n`).join(''));
}

/** Every file below `folder`, with its content. */
export function filesBelow(folder: string, top = folder): readonly string[] {
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const path = join(folder, name);
      if (statSync(path).isDirectory()) return filesBelow(path, top);
      return [`== ${relative(top, path)}`, readFileSync(path, 'utf8')];
    });
}
