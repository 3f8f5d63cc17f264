import { type ApplicationBytes, applicationBytes, byteAt, fromUnsigned, wordAt } from './bytes.ts';
import { type LogRow, recordBytes, takeRecords, takeValues, valueBytes } from './log-row.ts';

/**
 * The log of a 601's logger module and of an 801 (5512-447 section 6.3). Only the three commands that leave alone how
 * far somebody else has read:
 *
 *   A0 from-time   log n(1) register(2) x n rows(1) longest(1) time(8)             ascending
 *   A2 from-id     log n(1) register(2) x n rows(1) longest(1) id(2)               ascending
 *   A3 past        log n(1) register(2) x n rows(1) longest(1) time(8) offset(2)   descending
 *
 * The reply, with whole records in its first row and values alone in the others:
 *
 *   log n(1) | id(2) records | id(2) values | ... | last id(2) newest id(2) flags(1)
 */
const CIDS = { 'from-time': 0xa0, 'from-id': 0xa2, past: 0xa3 } as const;

type IntervalLogCommand = keyof typeof CIDS;

/** A request takes so many registers. */
const MOST_INTERVAL_REGISTERS = 8;
export const MOST_INTERVAL_ROWS = 0xff;

const FLAG_BITS = { empty: 0, 'out-of-range': 2, 'length-reached': 3, 'end-of-log': 4 } as const;

/** `length-reached`: there are more rows than the reply was allowed to hold. */
export type IntervalLogFlag = keyof typeof FLAG_BITS;

const FLAGS = Object.keys(FLAG_BITS) as readonly IntervalLogFlag[];

interface AskedColumns {
  readonly log: number;
  readonly registers: readonly number[];
  /** At most so many rows. */
  readonly rows: number;
  /** At most so many bytes from the command to the flags. */
  readonly longest: number;
}

/** Numbers as a clock shows them, the year in full. */
export interface LogTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

export type IntervalLogRequest = AskedColumns &
  (
    | { readonly command: 'from-time'; readonly time: LogTime }
    | { readonly command: 'from-id'; readonly id: number }
    | { readonly command: 'past'; readonly time: LogTime; readonly offset: number }
  );

export interface IntervalLogPage {
  readonly command: IntervalLogCommand;
  readonly log: number;
  /** In the order in which they came; their ids may leave gaps. */
  readonly rows: readonly LogRow[];
  /** Of this reply. */
  readonly lastId: number;
  /** In the log. */
  readonly newestId: number;
  readonly flags: ReadonlySet<IntervalLogFlag>;
}

export function encodeIntervalLogRequest(request: IntervalLogRequest): ApplicationBytes {
  const { command, log, registers, rows, longest } = request;
  if (registers.length < 1 || registers.length > MOST_INTERVAL_REGISTERS) {
    throw new RangeError(`a log takes 1 to ${MOST_INTERVAL_REGISTERS} registers, not ${registers.length}`);
  }
  const ids = registers.flatMap((id) => fromUnsigned(BigInt(id), 2));
  return applicationBytes([CIDS[command], log, registers.length, ...ids, rows, longest, ...placeOf(request)]);
}

function placeOf(request: IntervalLogRequest): number[] {
  switch (request.command) {
    case 'from-time':
      return timeBytes(request.time);
    case 'from-id':
      return fromUnsigned(BigInt(request.id), 2);
    case 'past':
      return [...timeBytes(request.time), ...fromUnsigned(BigInt(request.offset), 2)];
  }
}

const TIME_LENGTH = 8;

/** Weekday and info are 0 (5512-447 section 4.3). */
function timeBytes({ year, month, day, hour, minute, second }: LogTime): number[] {
  return [year - 2000, month, day, hour, minute, second, 0, 0];
}

function timeAt(data: Uint8Array, start: number): LogTime {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = data.subarray(start);
  return { year: 2000 + year, month, day, hour, minute, second };
}

/** The records of all rows must have the same formats; RangeError otherwise. */
export function encodeIntervalLogReply(page: IntervalLogPage): ApplicationBytes {
  const { command, log, rows, lastId, newestId, flags } = page;
  const formats = rows[0]?.records ?? [];
  const bits = [...flags].reduce((sum, flag) => sum | (1 << FLAG_BITS[flag]), 0);
  return applicationBytes([
    ...[CIDS[command], log, formats.length],
    ...rows.flatMap(({ id, records }, index) => [
      ...fromUnsigned(BigInt(id), 2),
      ...(index === 0 ? recordBytes(records) : valueBytes(records, formats)),
    ]),
    ...[lastId, newestId].flatMap((id) => fromUnsigned(BigInt(id), 2)),
    bits,
  ]);
}

/** `data`: what follows the command. Undefined where it does not fit a request that is known. */
export function decodeIntervalLogRequest(
  cid: number | undefined,
  data: Uint8Array,
): IntervalLogRequest | undefined {
  const command = commandOf(cid);
  const count = byteAt(data, 1);
  const place = 2 + 2 * count + 2;
  if (command === undefined || count < 1 || count > MOST_INTERVAL_REGISTERS) return undefined;
  const asked = {
    log: byteAt(data, 0),
    registers: Array.from({ length: count }, (_, index) => wordAt(data, 2 + 2 * index)),
    rows: byteAt(data, place - 2),
    longest: byteAt(data, place - 1),
  };
  const rest = data.length - place;
  const time = timeAt(data, place);
  if (command === 'from-id') return rest === 2 ? { ...asked, command, id: wordAt(data, place) } : undefined;
  if (command === 'from-time') return rest === TIME_LENGTH ? { ...asked, command, time } : undefined;
  const offset = wordAt(data, place + TIME_LENGTH);
  return rest === TIME_LENGTH + 2 ? { ...asked, command, time, offset } : undefined;
}

const TRAILER_LENGTH = 5;

export function decodeIntervalLogReply(
  cid: number | undefined,
  data: Uint8Array,
): IntervalLogPage | undefined {
  const command = commandOf(cid);
  const end = data.length - TRAILER_LENGTH;
  if (command === undefined || end < 2) return undefined;
  const bits = byteAt(data, data.length - 1);
  const flags = new Set(FLAGS.filter((flag) => bits & (1 << FLAG_BITS[flag])));
  const page = {
    command,
    log: byteAt(data, 0),
    lastId: wordAt(data, end),
    newestId: wordAt(data, end + 2),
    flags,
  };
  if (flags.has('empty')) return { ...page, rows: [] };
  const rows = decodeRows(data.subarray(2, end), byteAt(data, 1));
  // With a flag, length and content may be others (5512-447 section 6.3): here there are no rows that could be meant.
  if (rows === undefined) return flags.has('out-of-range') ? { ...page, rows: [] } : undefined;
  return { ...page, rows };
}

/** They must fill the bytes. */
function decodeRows(bytes: Uint8Array, count: number): LogRow[] | undefined {
  if (bytes.length === 0) return [];
  const first = takeRecords(bytes, 2, count);
  if (first === undefined) return undefined;
  const rows = [{ id: wordAt(bytes, 0), records: first.records }];
  let { end } = first;
  while (end < bytes.length) {
    const next = takeValues(bytes, end + 2, first.records);
    if (next === undefined) return undefined;
    rows.push({ id: wordAt(bytes, end), records: next.records });
    end = next.end;
  }
  return rows;
}

function commandOf(cid: number | undefined): IntervalLogCommand | undefined {
  return (Object.keys(CIDS) as readonly IntervalLogCommand[]).find((command) => CIDS[command] === cid);
}
