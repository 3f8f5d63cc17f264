import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { Multical2MqttError, messageOf } from '../shared/errors.ts';
import { isMissing } from '../shared/files.ts';
import { makeFolderNow } from '../shared/folders.ts';
import { type Fields, fieldsOf, isInteger, itemsOf, membersOf } from '../shared/stored.ts';
import type { HourRow } from './hour-row.ts';

/** What was brought into one statistic. */
export interface Imported {
  /** The public name of its entity's quantity; of a cost, of what is paid for. */
  readonly quantity: string;
  readonly kind: 'total' | 'mean' | 'cost';
  /** `[start, state or mean]` as it was brought in; Home Assistant may have rounded it in its last bit. */
  readonly rows: readonly (readonly [start: number, value: number])[];
  /** Home Assistant's own rows that gave way to these. */
  readonly replaced: readonly HourRow[];
  /** The readings at which the statistic counted from: at first Home Assistant's own, then as each import left it. */
  readonly zeros: readonly number[];
}

export interface Imports {
  /** By the unique id of the entity. */
  readonly statistics: Readonly<Record<string, Imported>>;
  /** Device ids of meters of which somebody took it back: nothing more comes in by itself. */
  readonly takenBack: readonly string[];
}

const NAME = 'home-assistant-import.json';
/** When somebody is at home can be seen in it. */
const OWN = 0o600;

/**
 * Remembers what was brought into Home Assistant, so that exactly this can be taken back. It is written before anything is
 * sent: a row that never got there is not found when it is to be taken back. One program at a time may change it.
 */
export class ImportMemory {
  private readonly dataDir: string;

  constructor(dataDir: string) {
    this.dataDir = dataDir;
  }

  private get file(): string {
    return join(this.dataDir, NAME);
  }

  /** Nothing where there is no such file. Error `failed` where it cannot be read: what was brought in is not known then. */
  read(): Imports {
    try {
      const { statistics, takenBack } = JSON.parse(readFileSync(this.file, 'utf8')) as Fields;
      return {
        statistics: membersOf(statistics, restoreImported),
        takenBack: itemsOf(takenBack, (id) => (typeof id === 'string' ? id : undefined)),
      };
    } catch (error) {
      if (isMissing(error)) return { statistics: {}, takenBack: [] };
      const why = error instanceof SyntaxError ? 'is damaged' : `cannot be read (${messageOf(error)})`;
      throw new Multical2MqttError(
        'failed',
        `${this.file} ${why}: it says what was brought into Home Assistant. Take it from a backup, or remove it: what is there then stays there.`,
      );
    }
  }

  async write(imports: Imports): Promise<void> {
    makeFolderNow(this.dataDir);
    await writeFileAtomic(this.file, JSON.stringify(imports), { mode: OWN });
  }

  /** While `work` runs, no other program brings anything in or takes it back. */
  async alone<Result>(work: () => Promise<Result>): Promise<Result> {
    const lock = `${this.file}.lock`;
    makeFolderNow(this.dataDir);
    if (!ours.has(lock) && !isTaken(lock)) rmSync(lock, { force: true });
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx', mode: OWN });
    } catch (error) {
      const message = `${lock}: another program brings a meter's log into Home Assistant. Try again when it has ended.`;
      throw new Multical2MqttError('failed', message, { cause: error });
    }
    ours.add(lock);
    try {
      return await work();
    } finally {
      ours.delete(lock);
      rmSync(lock, { force: true });
    }
  }
}

/** Locks that this process holds. */
const ours = new Set<string>();

/** By a process that still runs: one that was killed left it behind. */
function isTaken(lock: string): boolean {
  try {
    const pid = Number(readFileSync(lock, 'utf8'));
    // This very program was another one before a restart in its container.
    return pid !== process.pid && isInteger(pid, 1) && process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function restoreImported(member: unknown): Imported | undefined {
  const { quantity, kind, rows, replaced, zeros } = fieldsOf(member);
  if (typeof quantity !== 'string' || (kind !== 'total' && kind !== 'mean' && kind !== 'cost'))
    return undefined;
  return {
    ...{ quantity, kind },
    rows: itemsOf(rows, (row) => {
      const [start, value] = Array.isArray(row) ? row : [];
      return typeof start === 'number' && typeof value === 'number' ? ([start, value] as const) : undefined;
    }),
    replaced: itemsOf(replaced, restoreRow),
    zeros: itemsOf(zeros, (zero) => (typeof zero === 'number' ? zero : undefined)),
  };
}

function restoreRow(item: unknown): HourRow | undefined {
  const { start, state, sum, mean, min, max } = fieldsOf(item);
  if (typeof start !== 'number') return undefined;
  const number = (value: unknown): number | null => (typeof value === 'number' ? value : null);
  return {
    start,
    state: number(state),
    sum: number(sum),
    mean: number(mean),
    min: number(min),
    max: number(max),
  };
}
