import type { LoggerName } from '../catalogue/loggers.ts';
import {
  type ApplicationBytes,
  applicationBytes,
  byteAt,
  fromUnsigned,
  toUnsigned,
  wordAt,
} from './bytes.ts';
import { type LogRow, recordBytes, takeRecords, takeValues, valueBytes } from './log-row.ts';
import type { RegisterRecord } from './register.ts';

/**
 * The loggers of 303, 403, 603, 803 and relatives, as jktjkt/PyKMP found them; the maker has published nothing. Only
 * what reads is here: no command of these moves anything in the meter.
 *
 *   configuration   05 logger
 *   by id           06 logger id(4) count(2) n(1) register(2) x n
 *   from newest     07 logger offset(2) count(2) n(1) register(2) x n
 *
 * Both of the latter go from the row that is asked for towards the past:
 *
 *   06|07 logger rows(2) n(1) id(4) newest(4) flags(2) | n whole records | values of the row before | ...
 */
export const LOGGER = 0xb8;

const CONFIGURATION = 0x05;
const BY_ID = 0x06;
const FROM_NEWEST = 0x07;

/** A logger's number in these commands (jktjkt/PyKMP); null: has none. */
export const LOGGER_CODES: Readonly<Record<LoggerName, number | null>> = {
  year: 2,
  month: 3,
  day: 4,
  hour: 5,
  'minute-1': 6,
  'minute-2': 7,
  interval: null,
};

/** As an offset from the newest row it gives the oldest (jktjkt/PyKMP, dump-logs.py). */
export const OLDEST_OFFSET = 0xffff;
/** Of rows asked for. */
export const MOST_ROWS = 0xffff;
const MOST_LOGGED_REGISTERS = 0xff;

// biome-ignore format: a table reads best in rows
/** Bits of the flags (jktjkt/PyKMP; bits 2 and 10 from the Korean AMI head-end code). */
const FLAG_BITS = {
  empty: 0, 'out-of-range': 1, 'interval-changed': 2, 'unsupported-register': 3, truncated: 4, 'format-changed': 5,
  'oldest-included': 6, 'newest-included': 7, 'memory-error': 8, 'invalid-request': 9, 'internal-error': 10,
  'registers-truncated': 13,
} as const;

/** What a meter says of the rows that it sends. `truncated`: there were more, but its buffer is full. */
export type LogFlag = keyof typeof FLAG_BITS;

const FLAGS = Object.keys(FLAG_BITS) as readonly LogFlag[];
/** The meter could not do what it was asked: whatever comes with them is no row. */
const FAILURES: readonly LogFlag[] = ['memory-error', 'invalid-request', 'internal-error'];

export interface LoggerConfiguration {
  readonly logger: number;
  /** Rows that the ring holds. */
  readonly depth: number;
  readonly registers: readonly number[];
  /** Month and day at which a period ends; null for the second one of a meter that has only one. */
  readonly targetDates: readonly [TargetDate | null, TargetDate | null];
  /** 0 where the logger's name says it. */
  readonly interval: number;
  readonly mostIntervalRecords: number;
}

interface TargetDate {
  readonly month: number;
  readonly day: number;
}

export interface LogByIdRequest {
  readonly logger: number;
  /** The newest row of those that are wanted. */
  readonly id: number;
  readonly count: number;
  readonly registers: readonly number[];
}

export interface LogFromNewestRequest {
  readonly logger: number;
  readonly offset: number;
  readonly count: number;
  readonly registers: readonly number[];
}

/** A reply to either. */
export interface LogPage {
  readonly asked: 'by-id' | 'from-newest';
  readonly logger: number;
  /** Newest first, without a gap; none where the log is empty or the meter could not answer. */
  readonly rows: readonly LogRow[];
  /** Newest in the meter. */
  readonly newestId: number;
  readonly flags: ReadonlySet<LogFlag>;
}

export function encodeLoggerConfigurationRequest(logger: number): ApplicationBytes {
  return applicationBytes([LOGGER, CONFIGURATION, logger]);
}

/** Format 1 is the only one that was seen, before each of the four. */
const FORMAT = 0x01;

export function encodeLoggerConfigurationReply(configuration: LoggerConfiguration): ApplicationBytes {
  const { logger, depth, registers, targetDates, interval, mostIntervalRecords } = configuration;
  return applicationBytes([
    ...[LOGGER, CONFIGURATION, logger],
    ...targetDates.flatMap((date) => [FORMAT, date?.month ?? 0, date?.day ?? 0]),
    ...[FORMAT, mostIntervalRecords, FORMAT, interval],
    ...fromUnsigned(BigInt(depth), 2),
    ...registerList(registers),
  ]);
}

export function encodeLogByIdRequest({ logger, id, count, registers }: LogByIdRequest): ApplicationBytes {
  const head = [LOGGER, BY_ID, logger, ...fromUnsigned(BigInt(id), 4), ...fromUnsigned(BigInt(count), 2)];
  return applicationBytes([...head, ...registerList(registers)]);
}

export function encodeLogFromNewestRequest(request: LogFromNewestRequest): ApplicationBytes {
  const { logger, offset, count, registers } = request;
  const numbers = [offset, count].flatMap((number) => fromUnsigned(BigInt(number), 2));
  return applicationBytes([LOGGER, FROM_NEWEST, logger, ...numbers, ...registerList(registers)]);
}

/**
 * The rows must follow each other, newest first, with the same formats; RangeError otherwise. An empty log sends one
 * row of zeros with the id 0 (jktjkt/PyKMP), which has to be among `rows`.
 */
export function encodeLogPageReply({ asked, logger, rows, newestId, flags }: LogPage): ApplicationBytes {
  const [first, ...others] = rows;
  const firstId = first?.id ?? 0;
  const formats = first?.records ?? [];
  if (rows.some(({ id }, index) => id !== firstId - index)) {
    throw new RangeError('rows of a log page follow each other, the newest first');
  }
  const info = [...flags].reduce((bits, flag) => bits | (1 << FLAG_BITS[flag]), 0);
  return applicationBytes([
    ...[LOGGER, asked === 'by-id' ? BY_ID : FROM_NEWEST, logger],
    ...fromUnsigned(BigInt(rows.length), 2),
    formats.length,
    ...[firstId, newestId].flatMap((id) => fromUnsigned(BigInt(id), 4)),
    ...fromUnsigned(BigInt(info), 2),
    ...recordBytes(formats),
    ...others.flatMap(({ records }) => valueBytes(records, formats)),
  ]);
}

function registerList(registers: readonly number[]): number[] {
  if (registers.length > MOST_LOGGED_REGISTERS) {
    throw new RangeError(`a logger takes up to ${MOST_LOGGED_REGISTERS} registers, not ${registers.length}`);
  }
  return [registers.length, ...registers.flatMap((id) => [id >> 8, id & 0xff])];
}

export type LoggerRequest =
  | { readonly kind: 'get-logger-configuration'; readonly logger: number }
  | ({ readonly kind: 'get-log-by-id' } & LogByIdRequest)
  | ({ readonly kind: 'get-log-from-newest' } & LogFromNewestRequest);

export type LoggerReply =
  | ({ readonly kind: 'logger-configuration' } & LoggerConfiguration)
  | ({ readonly kind: 'log-page' } & LogPage);

/** `data`: what follows the command. Undefined where it does not fit a request that is known. */
export function decodeLoggerRequest(data: Uint8Array): LoggerRequest | undefined {
  const [sub, logger] = data;
  if (logger === undefined) return undefined;
  if (sub === CONFIGURATION && data.length === 2) return { kind: 'get-logger-configuration', logger };
  if (sub === BY_ID) {
    const registers = registersAt(data, 8);
    const id = Number(toUnsigned(data.subarray(2, 6)));
    return registers && { kind: 'get-log-by-id', logger, id, count: wordAt(data, 6), registers };
  }
  if (sub !== FROM_NEWEST) return undefined;
  const registers = registersAt(data, 6);
  return (
    registers && {
      kind: 'get-log-from-newest',
      logger,
      offset: wordAt(data, 2),
      count: wordAt(data, 4),
      registers,
    }
  );
}

export function decodeLoggerReply(data: Uint8Array): LoggerReply | undefined {
  const [sub] = data;
  if (sub === CONFIGURATION) {
    const configuration = decodeConfiguration(data);
    return configuration && { kind: 'logger-configuration', ...configuration };
  }
  const asked = sub === BY_ID ? 'by-id' : sub === FROM_NEWEST ? 'from-newest' : undefined;
  const page = asked && decodePage(data, asked);
  return page && { kind: 'log-page', ...page };
}

/** A number of registers and as many ids, which must end the data. */
function registersAt(data: Uint8Array, start: number): number[] | undefined {
  const count = data[start];
  if (count === undefined || data.length !== start + 1 + 2 * count) return undefined;
  return Array.from({ length: count }, (_, index) => wordAt(data, start + 1 + 2 * index));
}

function decodeConfiguration(data: Uint8Array): LoggerConfiguration | undefined {
  const registers = registersAt(data, 14);
  return (
    registers && {
      logger: byteAt(data, 1),
      depth: wordAt(data, 12),
      registers,
      targetDates: [targetDateAt(data, 3), targetDateAt(data, 6)],
      interval: byteAt(data, 11),
      mostIntervalRecords: byteAt(data, 9),
    }
  );
}

/** Month before day, as everywhere else in this protocol; the one that was seen is 1 January. */
function targetDateAt(data: Uint8Array, start: number): TargetDate | null {
  const [month, day] = [byteAt(data, start), byteAt(data, start + 1)];
  return month === 0 ? null : { month, day };
}

const PAGE_HEADER = 15;

function decodePage(data: Uint8Array, asked: LogPage['asked']): LogPage | undefined {
  if (data.length < PAGE_HEADER) return undefined;
  const firstId = Number(toUnsigned(data.subarray(5, 9)));
  const bits = wordAt(data, 13);
  const flags = new Set(FLAGS.filter((flag) => bits & (1 << FLAG_BITS[flag])));
  const page = { asked, logger: byteAt(data, 1), newestId: Number(toUnsigned(data.subarray(9, 13))), flags };
  // An empty log sends a row of zeros.
  if (flags.has('empty') || FAILURES.some((flag) => flags.has(flag))) return { ...page, rows: [] };
  const rows = decodeRows(data, flags);
  if (rows === undefined || firstId < rows.length - 1) return undefined;
  return { ...page, rows: rows.map((records, index) => ({ id: firstId - index, records })) };
}

/**
 * Where formats change within a page, only the first row is sure to have those that stand there: the others come with
 * the next page.
 */
function decodeRows(
  data: Uint8Array,
  flags: ReadonlySet<LogFlag>,
): readonly (readonly RegisterRecord[])[] | undefined {
  const count = wordAt(data, 2);
  if (count === 0) return data.length === PAGE_HEADER ? [] : undefined;
  const first = takeRecords(data, PAGE_HEADER, byteAt(data, 4));
  if (first === undefined || flags.has('format-changed')) return first && [first.records];
  const rows = [first.records];
  let { end } = first;
  while (rows.length < count) {
    const next = takeValues(data, end, first.records);
    if (next === undefined) return undefined;
    rows.push(next.records);
    end = next.end;
  }
  return end === data.length ? rows : undefined;
}
