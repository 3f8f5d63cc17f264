import type { LoggerName } from '../catalogue/loggers.ts';
import type { LogRow } from '../kmp/log-row.ts';
import type { MeterSession } from './session.ts';

/** What a logger keeps, as far as the meter tells. */
export interface LogConfiguration {
  /** Rows that the ring holds. */
  readonly depth: number | null;
  readonly registers: readonly number[] | null;
}

/** Rows by the meter's own numbers: both ends belong to it. */
interface RowSpan {
  readonly from: number;
  readonly to: number;
}

export interface WantedRows extends RowSpan {
  readonly logger: LoggerName;
  readonly registers: readonly number[];
}

export interface LogRows {
  /** In no order that counts. */
  readonly rows: readonly LogRow[];
  /** The ids that this answer settles, whether their rows are there or not. */
  readonly covered: RowSpan;
  /** Registers that the logger does not have. */
  readonly absent: readonly number[];
}

/** A meter's logs, whichever dialect it speaks. Throws what the session throws. */
export interface LogAccess {
  /** Null where the meter does not keep this logger or does not answer the command. */
  configuration(session: MeterSession, logger: LoggerName): Promise<LogConfiguration | null>;
  /** Null where nothing has been written down yet. */
  range(
    session: MeterSession,
    logger: LoggerName,
  ): Promise<{ readonly oldest: number; readonly newest: number } | null>;
  /** As many of the wanted rows as fit into one reply: from the newest down or from the oldest up, as the dialect has it. */
  rows(session: MeterSession, wanted: WantedRows): Promise<LogRows>;
}

export type LogDialect = 'logger' | 'interval-log';
