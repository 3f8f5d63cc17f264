import { LOGGERS } from '../catalogue/loggers.ts';
import { type ExplainedRegister, explainRegister } from './explained-register.ts';
import type { IntervalLogRequest, LogTime } from './interval-log.ts';
import type { LogRow } from './log-row.ts';
import { LOGGER_CODES, OLDEST_OFFSET } from './logger.ts';
import type { LogMessage } from './messages.ts';

/** What a frame says of a log, beside the registers that it names. */
export interface ExplainedLog {
  /** `day`, or the number of one without a name. */
  readonly logger: string;
  /** Of a request, in words. */
  readonly wanted?: string;
  /** Rows that the ring holds. */
  readonly depth?: number;
  readonly newestId?: number;
  readonly flags?: readonly string[];
  readonly rows?: readonly ExplainedRow[];
}

interface ExplainedRow {
  readonly id: number;
  readonly registers: readonly ExplainedRegister[];
}

export function explainLog(message: LogMessage): ExplainedLog {
  switch (message.kind) {
    case 'get-logger-configuration':
      return { logger: loggerName(message.logger), wanted: 'its configuration' };
    case 'get-log-by-id': {
      const wanted = `${rowsInWords(message.count)} from ${message.id} down`;
      return { logger: loggerName(message.logger), wanted };
    }
    case 'get-log-from-newest': {
      const { offset, count } = message;
      const from = offset === OLDEST_OFFSET ? 'the oldest' : `the newest but ${offset}, down`;
      return { logger: loggerName(message.logger), wanted: `${rowsInWords(count)} from ${from}` };
    }
    case 'logger-configuration':
      return { logger: loggerName(message.logger), depth: message.depth };
    case 'log-page':
      return { logger: loggerName(message.logger), ...pageOf(message) };
    case 'get-interval-log':
      return { logger: String(message.log), wanted: `${rowsInWords(message.rows)} ${placeOf(message)}` };
    case 'interval-log-page':
      return { logger: String(message.log), ...pageOf(message) };
  }
}

/** The name of a logger, or its number. */
export function loggerName(code: number): string {
  return LOGGERS.find((name) => LOGGER_CODES[name] === code) ?? String(code);
}

interface Page {
  readonly newestId: number;
  readonly flags: ReadonlySet<string>;
  readonly rows: readonly LogRow[];
}

function pageOf({ newestId, flags, rows }: Page): Omit<ExplainedLog, 'logger'> {
  return {
    newestId,
    flags: [...flags],
    rows: rows.map(({ id, records }) => ({ id, registers: records.map(explainRegister) })),
  };
}

function rowsInWords(count: number): string {
  return count === 1 ? '1 row' : `up to ${count} rows`;
}

function placeOf(request: IntervalLogRequest): string {
  switch (request.command) {
    case 'from-id':
      return `from ${request.id} up`;
    case 'from-time':
      return `since ${timeText(request.time)}`;
    case 'past':
      return `until ${timeText(request.time)}, without the last ${request.offset}, down`;
  }
}

export function timeText({ year, month, day, hour, minute, second }: LogTime): string {
  const digits = (...numbers: number[]) => numbers.map((number) => String(number).padStart(2, '0'));
  return `${digits(year, month, day).join('-')} ${digits(hour, minute, second).join(':')}`;
}
