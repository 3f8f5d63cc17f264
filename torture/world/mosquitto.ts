import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { atExit } from './at-exit.ts';
import { freePort } from './ports.ts';

const PATH = `${process.env.PATH ?? ''}:/usr/local/sbin:/usr/sbin:/sbin`;

/** A real Mosquitto that keeps what is retained, in a folder of its own. */
export class Mosquitto {
  port = 0;
  private readonly folder: string;
  private hasRun = false;
  private child: ChildProcess | undefined;

  constructor(folder: string) {
    this.folder = folder;
  }

  get url(): string {
    return `mqtt://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    mkdirSync(this.folder, { recursive: true, mode: 0o777 });
    for (let attempt = 0; ; attempt++) {
      if (this.port === 0) this.port = await freePort();
      this.configure();
      const child = spawn('mosquitto', ['-c', join(this.folder, 'mosquitto.conf')], {
        env: { ...process.env, PATH },
        stdio: 'ignore',
      });
      this.child = child;
      const release = atExit(() => child.kill('SIGKILL'));
      child.once('exit', release);
      child.on('error', () => {});
      if (await answers(this.port, child)) {
        this.hasRun = true;
        return;
      }
      // Clients know its port once it has run.
      if (!this.hasRun) this.port = 0;
      if (attempt === 5) throw new Error('Mosquitto does not start; is it installed?');
      await pause(200);
    }
  }

  /** `SIGKILL`: without saving what is retained. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  }

  /** All that was retained is lost. */
  forget(): void {
    rmSync(join(this.folder, 'mosquitto.db'), { force: true });
  }

  /** Stops answering without hanging up, and goes on. */
  freeze(frozen: boolean): void {
    this.child?.kill(frozen ? 'SIGSTOP' : 'SIGCONT');
  }

  private configure(): void {
    const lines = [
      `listener ${this.port} 127.0.0.1`,
      'allow_anonymous true',
      'persistence true',
      `persistence_location ${this.folder}/`,
      ...(process.getuid?.() === 0 ? ['user root'] : []),
    ];
    writeFileSync(join(this.folder, 'mosquitto.conf'), lines.join('\n'));
  }
}

async function answers(port: number, child: ChildProcess): Promise<boolean> {
  for (let attempt = 0; attempt < 100; attempt++) {
    if (child.exitCode !== null || child.signalCode !== null) return false;
    const socket = connect(port, '127.0.0.1');
    const open = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    });
    socket.destroy();
    if (open) return true;
    await pause(50);
  }
  return false;
}
