import { LONGEST_WIRE_FRAME } from '../kmp/frame.ts';
import {
  encodeIntervalLogRequest,
  type IntervalLogPage,
  type IntervalLogRequest,
} from '../kmp/interval-log.ts';
import type { LogRow } from '../kmp/log-row.ts';
import {
  encodeLogByIdRequest,
  encodeLogFromNewestRequest,
  encodeLoggerConfigurationRequest,
  type LogByIdRequest,
  type LogFromNewestRequest,
  type LoggerConfiguration,
  type LogPage,
} from '../kmp/logger.ts';
import type { MeterRequest } from './exchange.ts';

export function getLoggerConfiguration(logger: number): MeterRequest<LoggerConfiguration> {
  return {
    application: encodeLoggerConfigurationRequest(logger),
    longestReply: LONGEST_WIRE_FRAME,
    accept: (message) =>
      message.kind === 'logger-configuration' && message.logger === logger ? message : undefined,
  };
}

/**
 * A page of an earlier request begins with another row. Only where the meter says that there is no such row may it begin
 * with an older one.
 */
export function getLogById(request: LogByIdRequest): MeterRequest<LogPage> {
  return {
    application: encodeLogByIdRequest(request),
    longestReply: LONGEST_WIRE_FRAME,
    accept(message) {
      if (message.kind !== 'log-page' || message.asked !== 'by-id') return undefined;
      const first = message.rows[0]?.id ?? request.id;
      const isAsked = first === request.id || (first < request.id && message.flags.has('out-of-range'));
      return isAsked && pageFits(message, request) ? message : undefined;
    },
  };
}

export function getLogFromNewest(request: LogFromNewestRequest): MeterRequest<LogPage> {
  return {
    application: encodeLogFromNewestRequest(request),
    longestReply: LONGEST_WIRE_FRAME,
    accept: (message) =>
      message.kind === 'log-page' && message.asked === 'from-newest' && pageFits(message, request)
        ? message
        : undefined,
  };
}

interface AskedRows {
  readonly logger: number;
  readonly count: number;
  readonly registers: readonly number[];
}

/** Registers that the logger does not have are missing from the page, which must say so where none is left. */
function pageFits(page: LogPage, { logger, count, registers }: AskedRows): boolean {
  const { rows, newestId, flags } = page;
  const [first] = rows;
  if (page.logger !== logger || rows.length > count) return false;
  if (first === undefined) return true;
  const mayBeBare = flags.has('unsupported-register') || flags.has('registers-truncated');
  return first.id <= newestId && columnsFit(first, registers) && (first.records.length > 0 || mayBeBare);
}

function columnsFit({ records }: LogRow, registers: readonly number[]): boolean {
  const answered = new Set(records.map(({ id }) => id));
  return answered.size === records.length && records.every(({ id }) => registers.includes(id));
}

/** Rows come ascending; those that are not there are left out. */
export function getIntervalLog(
  request: Extract<IntervalLogRequest, { command: 'from-id' | 'from-time' }>,
): MeterRequest<IntervalLogPage> {
  const lowest = request.command === 'from-id' ? request.id : 0;
  return {
    application: encodeIntervalLogRequest(request),
    longestReply: LONGEST_WIRE_FRAME,
    accept(message) {
      if (message.kind !== 'interval-log-page' || message.command !== request.command) return undefined;
      const { rows, lastId, log } = message;
      const [first] = rows;
      const fits =
        log === request.log &&
        rows.length <= request.rows &&
        rows.every(({ id }, index) => id > (rows[index - 1]?.id ?? lowest - 1)) &&
        (first === undefined || (lastId === rows.at(-1)?.id && columnsFit(first, request.registers)));
      return fits ? message : undefined;
    },
  };
}
