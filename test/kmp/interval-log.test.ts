import { describe, expect, it } from 'vitest';
import { applicationBytes, toHex } from '../../src/kmp/bytes.ts';
import {
  encodeIntervalLogReply,
  encodeIntervalLogRequest,
  type IntervalLogFlag,
  type IntervalLogPage,
  type IntervalLogRequest,
} from '../../src/kmp/interval-log.ts';
import type { LogRow } from '../../src/kmp/log-row.ts';
import { decodeMessage, type Message } from '../../src/kmp/messages.ts';
import { numberRecord } from '../../src/kmp/register.ts';

const asked = { log: 1, registers: [60, 68], rows: 3, longest: 128 };
/** 2007-05-11 10:30:00, the time of the maker's example (5512-447 section 4.3). */
const time = { year: 2007, month: 5, day: 11, hour: 10, minute: 30, second: 0 };

const requested = (bytes: Iterable<number>): Message =>
  decodeMessage({ direction: 'to-meter', destination: 0x7f, application: applicationBytes(bytes) });
const replied = (bytes: Iterable<number>): Message =>
  decodeMessage({ direction: 'from-meter', destination: 0x7f, application: applicationBytes(bytes) });

describe('a request for an interval log', () => {
  const requests: readonly (readonly [IntervalLogRequest, string])[] = [
    [{ ...asked, command: 'from-time', time }, 'A00102003C0044038007050B0A1E000000'],
    [{ ...asked, command: 'from-id', id: 0x1234 }, 'A20102003C004403801234'],
    [{ ...asked, command: 'past', time, offset: 2 }, 'A30102003C0044038007050B0A1E0000000002'],
  ];

  it.each(requests)('has the layout of 5512-447 section 6.3: $command', (request, hex) => {
    const bytes = encodeIntervalLogRequest(request);
    expect(toHex(bytes)).toBe(hex);
    expect(requested(bytes)).toEqual({ kind: 'get-interval-log', ...request });
    expect(requested([...bytes, 0])).toEqual({ kind: 'other' });
    expect(requested(bytes.subarray(0, -1))).toEqual({ kind: 'other' });
  });

  it('takes one to eight registers', () => {
    const many = Array.from({ length: 9 }, (_, id) => id);
    for (const registers of [[], many])
      expect(() => encodeIntervalLogRequest({ ...asked, registers, command: 'from-id', id: 1 })).toThrow(
        RangeError,
      );
    expect(requested([0xa2, 1, 0, 3, 128, 0, 1])).toEqual({ kind: 'other' });
    expect(requested([0xa2, 1, 9, ...many.flatMap((id) => [0, id]), 3, 128, 0, 1])).toEqual({
      kind: 'other',
    });
  });

  it('that goes on from where somebody else has read is none that this program speaks', () => {
    expect(requested([0xa1, 1, 1, 0, 60, 3, 128])).toEqual({ kind: 'other' });
  });
});

describe('a reply with an interval log', () => {
  const row = (id: number, kilowattHours: number): LogRow => ({
    id,
    records: [numberRecord(60, 2, BigInt(kilowattHours), 0, 4)],
  });
  const page = (rows: readonly LogRow[], ...flags: IntervalLogFlag[]): IntervalLogPage => ({
    ...{ command: 'from-id', log: 1, rows, lastId: rows.at(-1)?.id ?? 0, newestId: 90 },
    flags: new Set(flags),
  });

  it('has formats in its first row alone, and may leave out rows', () => {
    const sent = page([row(7, 256), row(9, 257)], 'end-of-log');
    const bytes = encodeIntervalLogReply(sent);
    expect(toHex(bytes)).toBe('A201010007003C0204000000010000090000010100' + '09005A10');
    expect(replied(bytes)).toEqual({ kind: 'interval-log-page', ...sent });
  });

  it('has no row where the log is empty', () => {
    const bytes = encodeIntervalLogReply(page([row(0, 0)], 'empty'));
    expect(replied(bytes)).toMatchObject({ rows: [], flags: new Set(['empty']) });
  });

  it('may have none where the meter says why, whatever stands there', () => {
    const bytes = [0xa2, 1, 1, 0, 7, 1, 2, 3, 0, 9, 0, 90];
    expect(replied([...bytes, 4])).toMatchObject({ rows: [], flags: new Set(['out-of-range']) });
    expect(replied([...bytes, 0])).toEqual({ kind: 'other' });
    expect(replied(encodeIntervalLogReply(page([])))).toMatchObject({ rows: [] });
  });

  it('is none where it is cut, or longer than its rows', () => {
    const bytes = encodeIntervalLogReply(page([row(7, 256), row(9, 257)]));
    expect(replied(bytes.subarray(0, -1))).toEqual({ kind: 'other' });
    expect(replied([...bytes, 0])).toEqual({ kind: 'other' });
    expect(replied(bytes.subarray(0, 5))).toEqual({ kind: 'other' });
  });
});
