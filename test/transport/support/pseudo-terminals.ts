import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

export interface PseudoTerminals {
  readonly ours: string;
  readonly theirs: string;
  /** Ends the pair as if the adapter had been pulled out; resolves when the terminals are gone. */
  unplug(): Promise<void>;
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
  await eventually(() => existsSync(ours) && existsSync(theirs));
  const unplug = async (): Promise<void> => {
    const terminal = realpathSync(ours);
    socat.kill('SIGKILL');
    await eventually(() => !existsSync(terminal));
  };
  return { ours, theirs, unplug };
}
