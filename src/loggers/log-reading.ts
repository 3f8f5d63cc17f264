import type { LogDialect, LoggerName } from '../catalogue/loggers.ts';
import type { IdRange } from './id-range.ts';
import type { LoggedRow, LoggedValue } from './logged-row.ts';

/** `main`: totals that count, and mean temperatures. `all`: whatever a logger keeps. Otherwise just these. */
export type WantedRegisters = 'main' | 'all' | readonly number[];

/** The first rows to be asked for. */
export type LogOrder = 'newest' | 'oldest';

/** What somebody wants out of a meter's logs. */
export interface LogReading {
  /** Read in this order. */
  readonly loggers: readonly LoggerName[];
  /** Rows that need not be asked for, because all of these registers of them are known: merged, ascending. */
  readonly known: (logger: LoggerName, registers: readonly number[]) => readonly IdRange[];
  /** Rows that are at hand, ascending: the newest one tells whether the meter has begun anew. Default: none. */
  readonly knownRows?: (logger: LoggerName) => readonly LoggedRow[];
  /** Default: newest. */
  readonly order?: LogOrder;
  /** Default: main. */
  readonly wanted?: WantedRegisters;
  /** Milliseconds since 1970: only rows that ended since then, as far as the meter's numbers tell; default: all. */
  readonly since?: number;
  /** Told of the rows of each page at once, so that nothing that was read is lost. */
  readonly got: (rows: readonly LoggedRow[]) => void;
  /** The meter numbers its rows anew: those that are known are of an earlier log. Called before new ones come. */
  readonly beganAnew?: (logger: LoggerName) => void;
  /** What the meter has counted: before anything of its log is asked for. */
  readonly looked?: (totals: readonly LoggedValue[]) => void;
  /** What is asked for now, of a logger that is not known to its end. */
  readonly asking?: (asked: AskedLog) => void;
  readonly progressed?: (progress: LogProgress) => void;
  /** Ends the reading after the page that is on its way. */
  readonly signal?: AbortSignal;
}

/** Rows of one logger that somebody means to ask for. */
export interface AskedLog {
  readonly dialect: LogDialect;
  readonly logger: LoggerName;
  readonly rows: number;
  /** Those that tell the time, too. */
  readonly registers: readonly number[];
}

export interface LogProgress {
  readonly logger: LoggerName;
  /** Rows settled so far, of those that are asked for in this reading. */
  readonly rows: number;
  readonly of: number;
}

/** How far one logger was read. */
export interface LogWalkResult {
  readonly logger: LoggerName;
  /** New ones, that were handed over. */
  readonly rows: number;
  /** All that was wanted and is in the meter is known now. */
  readonly isComplete: boolean;
  /** For a person: why it is not, or what is the matter with the rows. */
  readonly reason?: string;
}
