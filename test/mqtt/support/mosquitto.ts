import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../../support/eventually.ts';
import { freePort } from '../../support/free-port.ts';
import { hasTool, TOOL_PATH } from '../../support/has-tool.ts';
import { Observer } from './observer.ts';

const ENVIRONMENT = { ...process.env, PATH: TOOL_PATH };

export function hasMosquitto(): boolean {
  return ['mosquitto', 'mosquitto_passwd'].every((tool) => hasTool(tool));
}

/** A real Mosquitto with passwords, in a folder of its own. Stopped and started again, it has the same port. */
export class Mosquitto {
  /** Of this one only: whoever gets in with it talks to this broker and no other. */
  readonly password = randomUUID();
  port = 0;
  /** Rules of its acl_file for the user `heat`; undefined: everybody may do anything. */
  rules: readonly string[] | undefined;
  /** Lines of its configuration, besides those that every one of these has. */
  readonly settings: string[] = [];
  private readonly folder = mkdtempSync(join(tmpdir(), 'mosquitto-'));
  private child: ChildProcess | undefined;

  get url(): string {
    return `mqtt://localhost:${this.port}`;
  }

  async start(): Promise<this> {
    if (this.port !== 0) {
      if (!(await this.runs())) throw new Error(`Mosquitto cannot have its port ${this.port} again`);
      return this;
    }
    this.allow('observer');
    for (let attempt = 0; attempt < 5; attempt++) {
      this.port = await freePort();
      this.configure();
      if (await this.runs()) return this;
    }
    throw new Error('Mosquitto does not start');
  }

  /** The user may come in from now on. */
  allow(username: string): void {
    const create = username === 'observer' ? ['-c'] : [];
    execFileSync('mosquitto_passwd', ['-b', ...create, this.passwords, username, this.password], {
      env: ENVIRONMENT,
      stdio: 'ignore',
    });
    this.child?.kill('SIGHUP');
  }

  observer(): Promise<Observer> {
    return Observer.connect(this.url, { username: 'observer', password: this.password });
  }

  async stop(): Promise<void> {
    const { child } = this;
    if (child === undefined) return;
    child.kill();
    await eventually(() => hasEnded(child));
  }

  /** Without a word to anybody. */
  crash(): void {
    this.child?.kill('SIGKILL');
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

  private configure(): void {
    const acl = join(this.folder, 'acl');
    if (this.rules !== undefined)
      writeFileSync(acl, ['user observer', 'topic readwrite #', 'user heat', ...this.rules, ''].join('\n'));
    const lines = [
      `listener ${this.port} 127.0.0.1`,
      'allow_anonymous false',
      `password_file ${this.passwords}`,
      'persistence false',
      ...this.settings,
      ...(this.rules === undefined ? [] : [`acl_file ${acl}`]),
      ...(process.getuid?.() === 0 ? ['user root'] : []),
    ];
    writeFileSync(this.config, lines.join('\n'));
  }

  /** False when it ended instead, as it does where it does not get the port. */
  private async runs(): Promise<boolean> {
    const child = spawn('mosquitto', ['-c', this.config], { env: ENVIRONMENT, stdio: 'ignore' });
    this.child = child;
    await eventually(async () => {
      if (hasEnded(child)) return true;
      const observer = await this.observer().catch(() => undefined);
      await observer?.end();
      return observer !== undefined;
    });
    return !hasEnded(child);
  }
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}
