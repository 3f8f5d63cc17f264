import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { isWallTime } from '../shared/credible-clock.ts';
import { jsonObject } from '../shared/stored.ts';
import { localTime } from '../shared/zoned-time.ts';
import type { StateDisk } from './state-disk.ts';

/** A process that uses a data folder. */
export interface Owner {
  readonly pid: number;
  readonly host: string;
  /** For people. */
  readonly since: string;
  /** When the system started the process; with its number it is that process and no later one. Null where none tells. */
  readonly started: string | null;
  /** The start of the system that it runs on; null where none tells. */
  readonly boot: string | null;
}

/** Ended, and its parent has not looked yet. */
const DEAD = ['Z', 'X'];
/** Where Linux tells of processes. */
const PROC = '/proc';

/** Says in a data folder who uses it. A bridge that was killed leaves its name behind. */
export class OwnerFile {
  private readonly file: string;
  private readonly disk: StateDisk;
  private readonly proc: string;

  constructor(dataDir: string, disk: StateDisk, proc: string = PROC) {
    this.file = join(dataDir, 'owner.json');
    this.disk = disk;
    this.proc = proc;
  }

  /** Undefined where nobody is named. */
  read(): Owner | undefined {
    const { pid, host, since, started, boot } = jsonObject(this.disk.read(this.file) ?? '');
    if (typeof pid !== 'number' || typeof host !== 'string') return undefined;
    const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);
    return { pid, host, since: textOf(since) ?? '', started: textOf(started), boot: textOf(boot) };
  }

  write(now: number): void {
    const { pid } = process;
    const owner: Owner = {
      pid,
      host: hostname(),
      since: isWallTime(now) ? localTime(now) : 'before its clock was set',
      started: this.startOf(pid),
      boot: this.boot,
    };
    this.disk.write(this.file, `${JSON.stringify(owner)}\n`);
  }

  remove(): void {
    this.disk.remove(this.file);
  }

  /**
   * True for another process that runs here for sure. Numbers of processes are given again, in a container each time, so
   * the moment of its start has to be the same.
   */
  runsHere({ pid, started, boot }: Owner): boolean {
    if (pid === process.pid || started === null) return false;
    return this.startOf(pid) === started && boot === this.boot;
  }

  /** True where nothing can be known of it from here, because it ran on another machine. */
  ranElsewhere({ host, boot }: Owner): boolean {
    return host !== hostname() && (boot === null || boot !== this.boot);
  }

  private startOf(pid: number): string | null {
    const stat = this.told(`${pid}/stat`);
    // Fields 3 and 22 in proc(5), behind the name in brackets, in which anything may stand.
    const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
    const [state = '', started = null] = [fields[0], fields[19]];
    return DEAD.includes(state) ? null : started;
  }

  private get boot(): string | null {
    return this.told('sys/kernel/random/boot_id');
  }

  private told(name: string): string | null {
    try {
      return readFileSync(join(this.proc, name), 'utf8').trim();
    } catch {
      return null;
    }
  }
}
