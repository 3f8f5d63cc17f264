import { type ChildProcess, fork } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../src/config/keys.ts';

/** A bridge in a process of its own. Its configuration goes by a file: that of 300 meters is too long for an argument. */
export function startBridge(config: Config, folder: string, baudRate: number): ChildProcess {
  const file = join(folder, 'whole.json');
  writeFileSync(file, JSON.stringify(config));
  return fork(join(import.meta.dirname, 'bridge-process.js'), [file, String(baudRate)]);
}
