import type { LogDialect, LoggerName } from '../catalogue/loggers.ts';
import { IntervalLogAccess, intervalLogPages } from './interval-log-access.ts';
import type { LogConfiguration, LogRange, LogRows, WantedRows } from './log-answer.ts';
import type { LogPages } from './log-page.ts';
import { LoggerAccess, loggerPages } from './logger-access.ts';
import type { Addressee, MeterSession } from './session.ts';

/** A meter's logs, whichever dialect it speaks. Throws what the session throws, and `failed` where the meter reports a fault. */
export interface LogAccess {
  readonly dialect: LogDialect;
  /** Null where the meter does not keep this logger or does not answer the command. */
  configuration(session: MeterSession, logger: LoggerName): Promise<LogConfiguration | null>;
  /** Null where nothing has been written down yet. */
  range(session: MeterSession, logger: LoggerName): Promise<LogRange | null>;
  /** As many of the wanted rows as fit into one reply: from the newest down or the oldest up, as the dialect has it. */
  rows(session: MeterSession, wanted: WantedRows): Promise<LogRows>;
}

/** `addressee`: the meter itself, also where its log has an address of its own. */
export function logAccess(dialect: LogDialect, addressee: Addressee): LogAccess {
  return dialect === 'logger' ? new LoggerAccess(addressee) : new IntervalLogAccess(addressee);
}

/** `row`: bytes of the values of these registers in one. */
export function logPages(dialect: LogDialect, registers: readonly number[], row: number): LogPages {
  return dialect === 'logger' ? loggerPages(registers, row) : intervalLogPages(registers, row);
}
