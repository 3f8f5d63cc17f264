import { lstat, readlink, unlink } from 'node:fs/promises';
import type { Logger } from '../log/logger.ts';
import { type Clock, systemClock } from '../shared/clock.ts';
import { Multical2MqttError, messageOf } from '../shared/errors.ts';
import { PtyProcess } from './pty-process.ts';
import type { SimulatedLine } from './simulated-line.ts';

const RESTART_AFTER = 1000;

interface PtyServerOptions {
  readonly line: SimulatedLine;
  /** Where the terminal is to be found: a symbolic link that is made, and removed at the end. */
  readonly link: string;
  readonly logger: Logger;
  readonly clock?: Clock;
  /** Default: `socat` from the search path. */
  readonly socat?: string;
}

export interface PtyServer {
  readonly link: string;
  /** The terminal and its link disappear, as an adapter that is pulled. */
  unplug(): Promise<void>;
  /** A new terminal at the same link. */
  replug(): Promise<void>;
  close(): Promise<void>;
}

/** Serves the line on a pseudo-terminal. Error `usage` where something else is at `link`, `failed` without socat. */
export async function servePty(options: PtyServerOptions): Promise<PtyServer> {
  const { line, link, logger, clock = systemClock, socat = 'socat' } = options;
  let current: PtyProcess | undefined;
  let cancelRestart = (): void => {};

  async function start(): Promise<void> {
    if (current !== undefined) return;
    await removeOldLink(link);
    const started = new PtyProcess(link, socat);
    await started.start((bytes) => line.write(bytes), lost);
    current = started;
  }

  async function drop(): Promise<void> {
    cancelRestart();
    const dropped = current;
    current = undefined;
    await dropped?.stop();
  }

  function lost(): void {
    current = undefined;
    logger.warn(`${socat} ended unexpectedly; the pseudo-terminal at ${link} will be made anew`);
    cancelRestart = clock.after(RESTART_AFTER, () => void plug(true).catch(report));
  }

  function report(error: unknown): void {
    logger.error(`The pseudo-terminal at ${link} is gone: ${messageOf(error)}`);
  }

  // One after the other, however quickly the plug goes in and out.
  let plugging: Promise<void> = Promise.resolve();
  function plug(plugged: boolean): Promise<void> {
    const done = plugging.then(plugged ? start : drop);
    plugging = done.catch(() => {});
    return done;
  }

  await plug(true);
  const endData = line.onData((bytes) => current?.write(bytes));
  const endPlug = line.onPlug((plugged) => void plug(plugged).catch(report));
  return {
    link,
    unplug: () => plug(false),
    replug: () => plug(true),
    async close() {
      endData();
      endPlug();
      await plug(false);
    },
  };
}

/** A link to a pseudo-terminal was left by an earlier simulator; anything else is not ours to replace. */
async function removeOldLink(link: string): Promise<void> {
  const found = await lstat(link).catch(() => undefined);
  if (found === undefined) return;
  if (!found.isSymbolicLink() || !(await readlink(link)).startsWith('/dev/pts/')) {
    throw new Multical2MqttError('usage', `${link} exists and is not ours to replace. Choose another path.`);
  }
  await unlink(link);
}
