import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../../../support/eventually.ts';
import { freePort } from '../../../support/free-port.ts';
import { hasTool, TOOL_PATH } from '../../../support/has-tool.ts';

export function hasInfluxd(): boolean {
  return hasTool('influxd');
}

export interface Series {
  readonly name: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly columns: readonly string[];
  readonly values: readonly (readonly unknown[])[];
}

/** A real InfluxDB 1.x in a folder of its own. Stopped and started again, it has the same port and data. */
export class Influxd {
  readonly username = 'admin';
  /** Of this one only. */
  readonly password = randomUUID();
  port = 0;
  private backupPort = 0;
  private readonly auth: boolean;
  private readonly folder: string;
  private child: ChildProcess | undefined;
  private log = '';

  /** `auth`: nobody gets in but `username` with `password`. `below`: where its folder is made. */
  constructor({ auth = false, below = tmpdir() }: { readonly auth?: boolean; readonly below?: string } = {}) {
    this.auth = auth;
    this.folder = mkdtempSync(join(below, 'influxd-'));
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async start(): Promise<this> {
    if (this.port !== 0) {
      if (!(await this.runs())) throw new Error(`influxd cannot have its port ${this.port} again`);
      return this;
    }
    for (let attempt = 0; attempt < 5; attempt++) {
      this.port = await freePort();
      this.backupPort = await freePort();
      this.configure();
      if (!(await this.runs())) continue;
      const { username, password } = this;
      // The first user is let in without one, and only to be created.
      if (this.auth)
        await this.query(`CREATE USER ${username} WITH PASSWORD '${password}' WITH ALL PRIVILEGES`);
      return this;
    }
    throw new Error(`influxd does not start: ${this.log.slice(-2_000)}`);
  }

  /** The series of the first statement's answer. */
  async query(statement: string, database = ''): Promise<readonly Series[]> {
    const query = new URLSearchParams({ q: statement, db: database, epoch: 'ms' });
    const response = await fetch(`${this.url}/query`, { method: 'POST', body: query, headers: this.headers });
    const answer = (await response.json()) as {
      readonly error?: string;
      readonly results?: readonly { readonly error?: string; readonly series?: readonly Series[] }[];
    };
    const error = answer.error ?? answer.results?.[0]?.error;
    if (error !== undefined) throw new Error(`${statement}: ${error}`);
    return answer.results?.[0]?.series ?? [];
  }

  /** Lines of line protocol, timestamps in milliseconds. What the server says against them is thrown. */
  async write(database: string, lines: string): Promise<void> {
    const query = new URLSearchParams({ db: database, precision: 'ms' });
    const request = { method: 'POST', body: lines, headers: this.headers };
    const response = await fetch(`${this.url}/write?${query}`, request);
    if (response.status !== 204) throw new Error(await response.text());
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const child = this.child;
    if (child === undefined) return;
    child.kill(signal);
    await eventually(() => hasEnded(child));
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private get config(): string {
    return join(this.folder, 'influxdb.conf');
  }

  private get headers(): Record<string, string> {
    if (!this.auth) return {};
    const credentials = Buffer.from(`${this.username}:${this.password}`).toString('base64');
    return { authorization: `Basic ${credentials}` };
  }

  private configure(): void {
    const folder = (name: string): string => JSON.stringify(join(this.folder, name));
    const lines = [
      'reporting-enabled = false',
      // For backups; everybody's influxd would want the same one.
      `bind-address = "127.0.0.1:${this.backupPort}"`,
      '[meta]',
      `dir = ${folder('meta')}`,
      '[data]',
      `dir = ${folder('data')}`,
      `wal-dir = ${folder('wal')}`,
      '[monitor]',
      'store-enabled = false',
      '[http]',
      `bind-address = "127.0.0.1:${this.port}"`,
      `auth-enabled = ${this.auth}`,
      'log-enabled = false',
    ];
    writeFileSync(this.config, lines.join('\n'));
  }

  /** False when it ended instead, as it does where it does not get the port. */
  private async runs(): Promise<boolean> {
    const env = { PATH: TOOL_PATH, HOME: this.folder };
    const child = spawn('influxd', ['run', '-config', this.config], {
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.child = child;
    child.stderr.on('data', (chunk) => {
      this.log += chunk;
    });
    await eventually(async () => hasEnded(child) || (await this.answers()));
    return !hasEnded(child);
  }

  private async answers(): Promise<boolean> {
    const response = await fetch(`${this.url}/ping`).catch(() => undefined);
    return response?.status === 204;
  }
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}
