import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { until } from './until.ts';

/** Whether `socat` is installed; says so where it is not. */
export function hasSocat(): boolean {
  const found = spawnSync('socat', ['-V']).error === undefined;
  if (!found) process.stderr.write('socat is not installed: tests on pseudo-terminals are skipped\n');
  return found;
}

export interface PseudoTerminals {
  readonly ours: string;
  readonly theirs: string;
  /** Ends the pair as if the adapter had been pulled out. */
  unplug(): void;
}

/** Two pseudo-terminals that are joined like the ends of a cable. */
export async function pseudoTerminals(): Promise<PseudoTerminals> {
  const folder = temporaryFolder();
  const [ours, theirs] = [join(folder, 'ours'), join(folder, 'theirs')];
  const socat: ChildProcess = spawn('socat', [`pty,rawer,link=${ours}`, `pty,rawer,link=${theirs}`], {
    stdio: 'ignore',
  });
  onTestFinished(() => {
    socat.kill('SIGKILL');
  });
  await until(() => existsSync(ours) && existsSync(theirs));
  return { ours, theirs, unplug: () => socat.kill('SIGKILL') };
}
