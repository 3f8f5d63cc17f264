import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

export interface PseudoTerminals {
  readonly ours: string;
  readonly theirs: string;
  /** Ends the pair as if the adapter had been pulled out, once this process waits for bytes of `ours`. */
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
    await eventually(() => isPolled(ours));
    socat.kill('SIGKILL');
  };
  return { ours, theirs, unplug };
}

/**
 * Whether this process polls the port. Where it hangs up before that, it reads nothing again and again, and serialport
 * never closes it.
 */
function isPolled(path: string): boolean {
  // Only Linux tells.
  if (!existsSync('/proc/self/fdinfo')) return true;
  const terminal = realpathSync(path);
  const ports = readdirSync('/proc/self/fd').filter(
    (fd) => textOf(() => readlinkSync(`/proc/self/fd/${fd}`)) === terminal,
  );
  const infos = readdirSync('/proc/self/fdinfo').map((fd) =>
    textOf(() => readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8')),
  );
  // The lowest bit of the events is EPOLLIN.
  return infos.some((info) =>
    ports.some((fd) => new RegExp(`^tfd: +${fd} events: +\\w*[13579bdf] `, 'm').test(info)),
  );
}

/** Empty where the descriptor has gone meanwhile. */
function textOf(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}
