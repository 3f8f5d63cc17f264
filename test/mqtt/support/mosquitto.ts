import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { eventually } from './eventually.ts';
import { Observer } from './observer.ts';

// Distributions put brokers where only root's PATH looks.
const PATH = [process.env.PATH ?? '', '/usr/sbin', '/usr/local/sbin', '/opt/homebrew/sbin'].join(delimiter);

export function hasMosquitto(): boolean {
  return ['mosquitto', 'mosquitto_passwd'].every((tool) =>
    PATH.split(delimiter).some((folder) => existsSync(join(folder, tool))),
  );
}

/** A real Mosquitto with passwords, on a free port, in a folder of its own. */
export class Mosquitto {
  readonly password = 's3cret';
  port = 0;
  private readonly folder = mkdtempSync(join(tmpdir(), 'mosquitto-'));
  private child: ChildProcess | undefined;

  get url(): string {
    return `mqtt://localhost:${this.port}`;
  }

  async start(): Promise<this> {
    if (this.port === 0) {
      this.port = await freePort();
      this.allow('observer');
      const lines = [
        `listener ${this.port} 127.0.0.1`,
        'allow_anonymous false',
        `password_file ${this.passwords}`,
        'persistence false',
        ...(process.getuid?.() === 0 ? ['user root'] : []),
      ];
      writeFileSync(this.config, lines.join('\n'));
    }
    this.child = spawn('mosquitto', ['-c', this.config], { env: { ...process.env, PATH }, stdio: 'ignore' });
    await this.listening();
    return this;
  }

  /** The user may come in from now on. */
  allow(username: string): void {
    const create = username === 'observer' ? ['-c'] : [];
    execFileSync('mosquitto_passwd', ['-b', ...create, this.passwords, username, this.password], {
      env: { ...process.env, PATH },
      stdio: 'ignore',
    });
    this.child?.kill('SIGHUP');
  }

  observer(): Promise<Observer> {
    return Observer.connect(this.url, { username: 'observer', password: this.password });
  }

  async stop(): Promise<void> {
    const { child } = this;
    if (child === undefined || child.exitCode !== null) return;
    child.kill();
    await eventually(() => child.exitCode !== null || child.signalCode !== null);
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private get config(): string {
    return join(this.folder, 'mosquitto.conf');
  }

  private get passwords(): string {
    return join(this.folder, 'passwords');
  }

  private async listening(): Promise<void> {
    for (let attempt = 0; attempt < 100; attempt++) {
      const observer = await this.observer().catch(() => undefined);
      if (observer !== undefined) return observer.end();
    }
    throw new Error('Mosquitto does not start');
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(address !== null && typeof address === 'object' ? address.port : 0));
    });
  });
}
