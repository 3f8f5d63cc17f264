import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { atExit } from './at-exit.ts';

const MAIN = resolve(import.meta.dirname, '../../src/main.js');
/** As the container and the service start it. */
const V8 = ['--optimize-for-size', '--semi-space-growth-factor=1', '--single-threaded'];
/** What no message to a user looks like. */
const CRASH = /(Uncaught|Unhandled|TypeError|RangeError|ReferenceError|SyntaxError:|\n {4}at |node:internal)/;
const TICKS_A_SECOND = 100;
const LOADED_WITHIN = 5_000;

interface BridgeOptions {
  readonly folder: string;
  readonly config: object;
  readonly environment?: Readonly<Record<string, string>>;
  /** Something that must never happen. */
  readonly onFinding: (what: string, detail: string) => void;
}

/** The built program as a process. Started again after it was killed, it has the same folder. */
export class BridgeProcess {
  /** Bytes of resident memory, once a second while it runs, of this process. */
  memory: number[] = [];
  private readonly options: BridgeOptions;
  private readonly log: string;
  private child: ChildProcess | undefined;
  private watch: NodeJS.Timeout | undefined;
  private isEnding = false;
  private startedAt = 0;
  private written = '';

  constructor(options: BridgeOptions) {
    this.options = options;
    this.log = join(options.folder, 'bridge.log');
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  start(): void {
    const { folder, config, environment } = this.options;
    mkdirSync(folder, { recursive: true });
    const file = join(folder, 'config.json');
    writeFileSync(file, JSON.stringify(config));
    const env = { PATH: process.env.PATH, TZ: 'Europe/Copenhagen', ...environment };
    const child = spawn(process.execPath, [...V8, MAIN, 'run', '--config', file], {
      cwd: folder,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    this.startedAt = performance.now();
    const release = atExit(() => child.kill('SIGKILL'));
    this.isEnding = false;
    this.memory = [];
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (text: string) => this.said(text));
    }
    child.once('exit', (code, signal) => {
      release();
      clearInterval(this.watch);
      if (!this.isEnding)
        this.options.onFinding('the program ended by itself', `${code ?? signal}: ${this.lastWords()}`);
    });
    this.watch = setInterval(() => this.measure(), 1_000);
  }

  /** Ends it; what remains of an order after ten seconds is a finding. */
  async end(signal: 'SIGTERM' | 'SIGKILL' | 'SIGINT'): Promise<void> {
    const { child } = this;
    if (child === undefined || hasEnded(child)) return;
    this.isEnding = true;
    const exited = once(child, 'exit');
    child.kill(signal);
    const ended = await Promise.race([exited.then(() => true), pause(20_000, false, { ref: false })]);
    if (!ended) {
      this.options.onFinding('the program does not end', `${signal}, 20 s ago`);
      child.kill('SIGKILL');
      await exited;
    }
    // Before the program is loaded, nobody listens to signals.
    const isYoung = performance.now() - this.startedAt < LOADED_WITHIN && child.signalCode === signal;
    if (signal !== 'SIGKILL' && child.exitCode !== 0 && !isYoung)
      this.options.onFinding(
        'the program ended with an error',
        `${signal}: code ${child.exitCode}, ${child.signalCode}`,
      );
  }

  /** Seconds of processor time so far. */
  processorTime(): number {
    try {
      const stat = readFileSync(`/proc/${this.pid}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
    } catch {
      return Number.NaN;
    }
  }

  private measure(): void {
    try {
      const status = readFileSync(`/proc/${this.pid}/status`, 'utf8');
      const kilobytes = Number(/VmRSS:\s*(\d+)/.exec(status)?.[1] ?? Number.NaN);
      if (!Number.isNaN(kilobytes)) this.memory.push(kilobytes * 1024);
    } catch {
      // It has just ended.
    }
  }

  private said(text: string): void {
    appendFileSync(this.log, text);
    this.written = `${this.written}${text}`.slice(-4_000);
    if (CRASH.test(text)) this.options.onFinding('an exception in the log', text.trim().slice(0, 600));
  }

  private lastWords(): string {
    return this.written.trim().split('\n').slice(-3).join(' | ').slice(-600);
  }
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}
