import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Mosquitto } from '../../mqtt/support/mosquitto.ts';
import { eventually } from '../../support/eventually.ts';
import { freePort } from '../../support/free-port.ts';
import { Api } from './api.ts';

/**
 * Puts up a Home Assistant: `COMMAND start --config DIR --port N --mqtt HOST:PORT:USER:PASSWORD` prints
 * `{"url", "token", "pid"}` when it runs, logs into DIR/home-assistant.log, and again with the same DIR is a restart.
 */
const COMMAND =
  process.env.HOME_ASSISTANT ?? resolve(import.meta.dirname, '../../../../shared/tools/home-assistant');

/** False, with the reason for people, where there is no Home Assistant to be had. */
export function hasHomeAssistant(): boolean {
  const reason = existsSync(COMMAND)
    ? process.getuid?.() === 0 || process.env.HOME_ASSISTANT
      ? undefined
      : 'it needs root'
    : `there is no ${COMMAND}; HOME_ASSISTANT=command names another one (test/home-assistant/support/core.ts says what it does)`;
  if (reason !== undefined)
    process.stderr.write(`SKIPPED: tests in a real Home Assistant, because ${reason}\n`);
  return reason === undefined;
}

const COMPLAINT =
  /^\S+ \S+ (?:WARNING|ERROR|CRITICAL) .*?(?:mqtt|multical|template|components\.(?:sensor|binary_sensor|button|event|recorder|energy))/i;

interface Entrance {
  readonly url: string;
  readonly token: string;
}

/** What the tests need of it; a stranger's installation has all of this, and more. */
const CONFIGURATION = [
  'recorder:\n  commit_interval: 1',
  ...[
    'api',
    'config',
    'diagnostics',
    'energy',
    'frontend',
    'history',
    'logbook',
    'repairs',
    'system_log',
  ].map((each) => `${each}:`),
];

/** A real Home Assistant with a folder of its own, connected to the broker. Stopped and started again, it knows all it knew. */
export class HomeAssistant {
  /** Lines for its configuration.yaml, read at each start. */
  readonly settings: string[] = [];
  /** Its configuration. */
  readonly folder = mkdtempSync(join(tmpdir(), 'home-assistant-'));
  private readonly mosquitto: Mosquitto;
  private connection: Api | undefined;
  private entrance: Entrance | undefined;
  private pid: number | undefined;
  /** Of the runs before this one: each run begins its log anew. */
  private past: readonly string[] = [];

  constructor(mosquitto: Mosquitto) {
    this.mosquitto = mosquitto;
  }

  get api(): Api {
    if (this.connection === undefined) throw new Error('Home Assistant does not run');
    return this.connection;
  }

  /** For a browser. */
  get login(): Entrance {
    if (this.entrance === undefined) throw new Error('Home Assistant does not run');
    return this.entrance;
  }

  /** A file of its folder. */
  put(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
  }

  async start(): Promise<this> {
    const { port, password } = this.mosquitto;
    const yaml = [...CONFIGURATION, ...this.settings, ''].join('\n');
    this.put('configuration.yaml', yaml);
    const words = ['start', '--config', this.folder, '--port', String(await freePort())];
    const mqtt = ['--mqtt', `127.0.0.1:${port}:homeassistant:${password}`];
    const { stdout } = await promisify(execFile)(COMMAND, [...words, ...mqtt]);
    const { url, token, pid } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as {
      url: string;
      token: string;
      pid: number;
    };
    this.pid = pid;
    this.entrance = { url, token };
    this.connection = await Api.connect(url, token);
    return this;
  }

  async stop(): Promise<void> {
    const pid = this.pid;
    if (pid === undefined) return;
    this.connection?.end();
    process.kill(pid, 'SIGTERM');
    await eventually(() => hasEnded(pid));
    this.past = this.complaints;
    this.pid = undefined;
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Its warnings and errors, in all its runs, of the parts that have to do with us: anything else is said of this machine. */
  get complaints(): readonly string[] {
    if (this.pid === undefined) return this.past;
    const entries = readFileSync(join(this.folder, 'home-assistant.log'), 'utf8').split(
      /\n(?=\d{4}-\d\d-\d\d )/,
    );
    return [...this.past, ...entries.filter((entry) => COMPLAINT.test(entry))];
  }
}

/** A process of somebody else's: nobody may have asked yet how it ended. */
function hasEnded(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\)/s, '').trimStart().startsWith('Z');
  } catch {
    return true;
  }
}
