import type { LogRow } from '../../../src/kmp/log-row.ts';
import type { LogAccess } from '../../../src/link/log-access.ts';
import type { LogRows, WantedRows } from '../../../src/link/log-answer.ts';
import type { MeterSession } from '../../../src/link/session.ts';

interface KeptLogOptions {
  readonly rows: readonly LogRow[];
  /** Most rows of a reply. */
  readonly page?: number;
  /** A reply begins with the oldest of the rows that are asked for. */
  readonly upwards?: boolean;
  readonly registers?: readonly number[] | null;
}

/** The log of a meter without a line: what is asked for, and what comes, in whatever way a dialect may do it. */
export class KeptLog implements LogAccess {
  readonly dialect = 'logger';
  readonly asked: WantedRows[] = [];
  kept: readonly LogRow[];
  configured = 0;
  /** Called before each page; may throw. */
  before: (page: number) => void = () => {};
  /** What the line makes of a page. */
  through: (page: LogRows, number: number) => LogRows = (page) => page;
  private readonly options: KeptLogOptions;

  constructor(options: KeptLogOptions) {
    this.options = options;
    this.kept = options.rows;
  }

  async configuration(): ReturnType<LogAccess['configuration']> {
    this.configured++;
    const { registers = null } = this.options;
    return { depth: 460, registers };
  }

  async range(): ReturnType<LogAccess['range']> {
    const ids = this.kept.map(({ id }) => id);
    return ids.length === 0 ? null : { oldest: Math.min(...ids), newest: Math.max(...ids) };
  }

  async rows(_session: MeterSession, wanted: WantedRows): Promise<LogRows> {
    this.asked.push(wanted);
    const number = this.asked.length;
    this.before(number);
    const { page = 10, upwards = false } = this.options;
    const { from, to, registers } = wanted;
    const covered = upwards
      ? { from, to: Math.min(to, from + page - 1) }
      : { from: Math.max(from, to - page + 1), to };
    const rows = this.kept.filter(({ id }) => id >= covered.from && id <= covered.to);
    const told = rows.map(({ id, records }) => ({
      id,
      records: records.filter((record) => registers.includes(record.id)),
    }));
    const written = new Set(this.kept.flatMap(({ records }) => records.map(({ id }) => id)));
    const absent = registers.filter((id) => !written.has(id));
    return this.through({ rows: told, covered, absent }, number);
  }
}
