import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { Multical2MqttError, messageOf } from '../shared/errors.ts';

/** What socat says when the terminal and its link are there. */
const READY = 'starting data transfer loop';

/** A pseudo-terminal at `link`, made by the system's socat: Node cannot make one by itself. */
export class PtyProcess {
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
    // What is written after its end is lost, as on a line.
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
