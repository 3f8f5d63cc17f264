import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:fs';
import { type FileHandle, lstat, open, readlink, unlink } from 'node:fs/promises';
import { type Clock, systemClock } from '../shared/clock.ts';
import { Multical2MqttError, messageOf } from '../shared/errors.ts';
import type { Logger } from '../shared/logger.ts';
import type { SimulatedLine } from './options.ts';
import { followPlug, type Plug } from './plug.ts';

const RESTART_AFTER = 1000;

interface PtyServerOptions {
  readonly line: SimulatedLine;
  /** Path of a symbolic link to the terminal; made at the start and removed at the end. */
  readonly link: string;
  readonly logger: Logger;
  readonly clock?: Clock;
  /** Default: `socat` from the search path. */
  readonly socat?: string;
}

/** Unplugged, the terminal and its link disappear, as an adapter that is pulled. Plugged in again, both are made anew. */
export interface PtyServer extends Plug {
  readonly link: string;
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
    cancelRestart = clock.after(RESTART_AFTER, () => void plug.replug().catch(report));
  }

  function report(error: unknown): void {
    logger.error(`The pseudo-terminal at ${link} is gone: ${messageOf(error)}`);
  }

  await start();
  const plug = followPlug(line, {
    connect: start,
    disconnect: drop,
    send: (bytes) => current?.write(bytes),
    report,
  });
  return { link, ...plug };
}

/** socat logs this when the terminal and its link are there. */
const READY = 'starting data transfer loop';

/** A pseudo-terminal at `link`, made by the system's socat: Node cannot make one by itself. */
class PtyProcess {
  private readonly link: string;
  private readonly command: string;
  private child: ChildProcessWithoutNullStreams | undefined;
  private slave: FileHandle | undefined;

  constructor(link: string, command: string) {
    this.link = link;
    this.command = command;
  }

  /** `onExit` is called when socat ends without being asked to. */
  async start(onData: (bytes: Uint8Array) => void, onExit: () => void): Promise<void> {
    const child = spawn(this.command, ['-d', '-d', `PTY,link=${this.link},rawer`, 'STDIO'], {
      // Its own group: an interrupt from the terminal is for us, and we end it in order.
      detached: true,
      env: { ...process.env, LC_ALL: 'C' },
    });
    this.child = child;
    child.stdout.on('data', onData);
    // Bytes written after its end are lost, as on a line.
    child.stdin.on('error', () => {});
    await ready(child, this.link, this.command);
    child.once('exit', () => {
      if (this.child === child) void this.stop().then(onExit);
    });
    // The terminal lives as long as somebody has it open: without this, the first client to leave would end it.
    this.slave = await open(this.link, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
  }

  write(bytes: Uint8Array): void {
    this.child?.stdin.write(bytes);
  }

  /** The terminal is gone, and its link with it. */
  async stop(): Promise<void> {
    const { child } = this;
    this.child = undefined;
    const closed = this.slave?.close();
    this.slave = undefined;
    await closed;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    await exited;
  }
}

function ready(child: ChildProcessWithoutNullStreams, link: string, command: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr.setEncoding('utf8');
    child.stderr.on('data', (text: string) => {
      said = `${said}${text}`.slice(-2000);
      if (said.includes(READY)) resolve();
    });
    child.once('error', (cause: NodeJS.ErrnoException) => {
      const why = cause.code === 'ENOENT' ? 'it is not installed' : messageOf(cause);
      const advice = 'Install it (apt-get install socat), or serve the meter over TCP (--tcp PORT).';
      const message = `A pseudo-terminal needs ${command}, but ${why}. ${advice}`;
      reject(new Multical2MqttError('failed', message, { cause }));
    });
    child.once('close', () => {
      const last = said.trim().split('\n').at(-1) ?? '';
      const message = `${command} could not make a pseudo-terminal at ${link}: ${last}. Choose another path.`;
      reject(new Multical2MqttError('failed', message));
    });
  });
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
