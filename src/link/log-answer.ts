import type { LoggerName } from '../catalogue/loggers.ts';
import type { LogRow } from '../kmp/log-row.ts';

/** What a logger keeps, as far as the meter tells. */
export interface LogConfiguration {
  /** Rows that the ring holds. */
  readonly depth: number | null;
  readonly registers: readonly number[] | null;
}

/** The ids of what is in the ring now. */
export interface LogRange {
  readonly oldest: number;
  readonly newest: number;
}

/** Rows by the meter's own numbers: both ends belong to it. */
interface RowSpan {
  readonly from: number;
  readonly to: number;
}

export interface WantedRows extends RowSpan {
  readonly logger: LoggerName;
  /** One to eight. */
  readonly registers: readonly number[];
}

export interface LogRows {
  readonly rows: readonly LogRow[];
  /** The ids that this answer settles, whether their rows are there or not. */
  readonly covered: RowSpan;
  /** Registers that the logger does not have. */
  readonly absent: readonly number[];
}

/** Answers to requests for other registers of the same rows, as one: what one of them does not settle is not settled. */
export function joinAnswers(first: LogRows, second: LogRows): LogRows {
  const covered = {
    from: Math.max(first.covered.from, second.covered.from),
    to: Math.min(first.covered.to, second.covered.to),
  };
  const others = new Map(second.rows.map(({ id, records }) => [id, records]));
  const rows = first.rows.flatMap(({ id, records }) => {
    const more = others.get(id);
    const isSettled = id >= covered.from && id <= covered.to;
    return more !== undefined && isSettled ? [{ id, records: [...records, ...more] }] : [];
  });
  return { rows, covered, absent: [...first.absent, ...second.absent] };
}
