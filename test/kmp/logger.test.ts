import { describe, expect, it } from 'vitest';
import { applicationBytes, toHex } from '../../src/kmp/bytes.ts';
import { decodeFrame, encodeFrame } from '../../src/kmp/frame.ts';
import type { LogRow } from '../../src/kmp/log-row.ts';
import {
  encodeLogByIdRequest,
  encodeLogFromNewestRequest,
  encodeLoggerConfigurationReply,
  encodeLoggerConfigurationRequest,
  encodeLogPageReply,
  type LogFlag,
  type LogPage,
} from '../../src/kmp/logger.ts';
import { decodeMessage, type Message } from '../../src/kmp/messages.ts';
import { decodeRegisterValue, numberRecord, valueText } from '../../src/kmp/register.ts';
import { wireOf } from '../fixtures/frame-vectors.ts';

/** Captures of real meters (jktjkt/PyKMP, tests/test_client.py). */
const CONFIGURATION_REQUEST = '803FB8050270EE0D';
const CONFIGURATION =
  '403FB805020101010100000100010000142B003C003F0061006E001BBF0041016A00440054005501710063007B017F007C007D011B7F007E007F0181001B7F00810182008203EC00AF005E003D003E005F006001D901DA004500E000E10048004902030152015C03EB03EAD5640D';
const OLDEST_REQUEST = '803FB80707FFFF00010103EAB85E0D';
const EMPTY = '403FB807070001010000000000000000000103EA2F0400000000001F2F0D';
const YEARS_REQUEST = '803FB81BF9020000000200020103EB75070D';
const YEARS = '403FB81BF902000201000000020000000200C003EB3004000003F8050003D0F5AA3A0D';
const DAYS =
  '403FB81BF904000303000000BC00000285001BBF03EA2F04000000000403EB3004000003AE4F015C4F070000180C1F000004000000040003AE4E00180C1E000004000000040003AE4D00180C1D000004F22D0D';

const TO_METER = { direction: 'to-meter', destination: 0x3f } as const;
const FROM_METER = { direction: 'from-meter', destination: 0x3f } as const;

function messageOf(hex: string): Message {
  const decoded = decodeFrame(wireOf(hex));
  if (!decoded.ok) throw new Error(decoded.fault);
  return decodeMessage(decoded.frame);
}

function pageOf(bytes: Iterable<number>): Message {
  return decodeMessage({ ...FROM_METER, application: applicationBytes(bytes) });
}

const energy = (kilowattHours: number, decimals = 0) =>
  numberRecord(60, 2, BigInt(kilowattHours), decimals, 4);
const row = (id: number, kilowattHours: number): LogRow => ({ id, records: [energy(kilowattHours)] });
const page = (rows: readonly LogRow[], ...flags: LogFlag[]): LogPage => ({
  ...{ asked: 'by-id', logger: 4, rows, newestId: 645, flags: new Set(flags) },
});

function texts(rows: readonly LogRow[]): unknown {
  return rows.map(({ id, records }) => [
    id,
    ...records.map((record) => valueText(decodeRegisterValue(record))),
  ]);
}

describe('a request for a log, as it was captured', () => {
  it('asks for the configuration of a logger', () => {
    const application = encodeLoggerConfigurationRequest(2);
    expect(toHex(encodeFrame({ ...TO_METER, application }))).toBe(CONFIGURATION_REQUEST);
    expect(messageOf(CONFIGURATION_REQUEST)).toEqual({ kind: 'get-logger-configuration', logger: 2 });
  });

  it('asks for rows by their numbers', () => {
    const request = { logger: 2, id: 2, count: 2, registers: [1003] };
    const application = encodeLogByIdRequest(request);
    expect(toHex(encodeFrame({ ...TO_METER, application }))).toBe(YEARS_REQUEST);
    expect(messageOf(YEARS_REQUEST)).toEqual({ kind: 'get-log-by-id', ...request });
  });

  it('asks for rows counted from the newest', () => {
    const request = { logger: 7, offset: 0xffff, count: 1, registers: [1002] };
    const application = encodeLogFromNewestRequest(request);
    expect(toHex(encodeFrame({ ...TO_METER, application }))).toBe(OLDEST_REQUEST);
    expect(messageOf(OLDEST_REQUEST)).toEqual({ kind: 'get-log-from-newest', ...request });
  });

  it.each([
    ['one of another kind', [0xb8, 0xff, 2]],
    ['one without a logger', [0xb8, 5]],
    ['one with a byte too many', [0xb8, 5, 2, 0]],
    ['rows with a byte too many', [0xb8, 7, 7, 0xff, 0xff, 0, 1, 1, 3, 0xea, 0]],
    ['rows with fewer registers than it says', [0xb8, 6, 7, 0, 0, 0, 1, 0, 1, 255, 3, 0xea]],
  ])('is something else as %s', (_, bytes) => {
    expect(decodeMessage({ ...TO_METER, application: applicationBytes(bytes) })).toEqual({ kind: 'other' });
  });

  it('is refused with more registers than it can count', () => {
    const registers = Array.from({ length: 256 }, (_, id) => id);
    expect(() => encodeLogByIdRequest({ logger: 4, id: 1, count: 1, registers })).toThrow(RangeError);
  });
});

describe('a reply with a log, as it was captured', () => {
  it('tells how many rows a logger holds, of which registers, and when its year ends', () => {
    const configuration = messageOf(CONFIGURATION);
    expect(configuration).toMatchObject({
      ...{ kind: 'logger-configuration', logger: 2, depth: 20, interval: 0, mostIntervalRecords: 0 },
      targetDates: [{ month: 1, day: 1 }, null],
      registers: expect.arrayContaining([60, 68, 348, 1003, 1002]),
    });
    if (configuration.kind !== 'logger-configuration') throw new Error('another message');
    expect(configuration.registers).toHaveLength(43);
    const application = encodeLoggerConfigurationReply(configuration);
    expect(toHex(encodeFrame({ ...FROM_METER, application }))).toBe(CONFIGURATION);
  });

  it.each([
    [
      YEARS,
      2,
      ['oldest-included', 'newest-included'],
      [
        [2, '2026-01-01'],
        [1, '2025-01-01'],
      ],
    ],
    [
      DAYS,
      645,
      ['oldest-included'],
      [
        [188, '00:00:04', '2024-12-31', '2024-12-31T00:00:04'],
        [187, '00:00:04', '2024-12-30', '2024-12-30T00:00:04'],
        [186, '00:00:04', '2024-12-29', '2024-12-29T00:00:04'],
      ],
    ],
  ])('has its rows newest first, each with all of its registers: %s', (hex, newestId, flags, rows) => {
    const message = messageOf(hex);
    if (message.kind !== 'log-page') throw new Error('another message');
    expect(message).toMatchObject({ asked: 'by-id', newestId, flags: new Set(flags) });
    expect(texts(message.rows)).toEqual(rows);
    expect(toHex(encodeFrame({ ...FROM_METER, application: encodeLogPageReply(message) }))).toBe(hex);
  });

  it('has no row where the log is empty, although one of zeros comes', () => {
    const empty = { asked: 'from-newest', logger: 7, rows: [], newestId: 0, flags: new Set(['empty']) };
    expect(messageOf(EMPTY)).toEqual({ kind: 'log-page', ...empty });
    const zeros = { id: 0, records: [numberRecord(1002, 0x2f, 0n, 0, 4)] };
    const application = encodeLogPageReply({
      ...{ asked: 'from-newest', logger: 7, rows: [zeros], newestId: 0, flags: new Set(['empty'] as const) },
    });
    expect(toHex(encodeFrame({ ...FROM_METER, application }))).toBe(EMPTY);
  });
});

describe('a page of a log', () => {
  it.each(['memory-error', 'invalid-request', 'internal-error'] as const)('with %s has no row', (flag) => {
    const message = pageOf(encodeLogPageReply(page([row(5, 100)], flag)));
    expect(message).toMatchObject({ kind: 'log-page', rows: [], flags: new Set([flag]) });
  });

  it('has its first row alone where formats change within it', () => {
    const bytes = encodeLogPageReply(page([row(5, 100), row(4, 90)], 'format-changed'));
    expect(pageOf(bytes)).toMatchObject({ rows: [{ id: 5 }] });
    expect(pageOf([...bytes, 1, 2, 3])).toMatchObject({ rows: [{ id: 5 }] });
    expect(pageOf(bytes.subarray(0, 20))).toEqual({ kind: 'other' });
  });

  it('has rows without a register where the logger has none of those that were asked for', () => {
    const message = pageOf(encodeLogPageReply(page([{ id: 5, records: [] }], 'unsupported-register')));
    expect(message).toMatchObject({ rows: [{ id: 5, records: [] }] });
  });

  it('may have no row at all', () => {
    expect(pageOf(encodeLogPageReply(page([], 'out-of-range')))).toMatchObject({ rows: [] });
  });

  const bytes = Array.from(encodeLogPageReply(page([row(5, 100), row(4, 90)])));

  it.each([
    ['a byte less', bytes.slice(0, -1)],
    ['a byte more', [...bytes, 0]],
    ['a record that is cut', bytes.slice(0, 20)],
    ['a head that is cut', bytes.slice(0, 12)],
    ['fewer rows than it has', bytes.with(4, 1)],
    ['rows where it says none', bytes.with(4, 0)],
    ['more rows than there are numbers', bytes.with(9, 0)],
    ['another kind', bytes.with(1, 9)],
  ])('is no page with %s', (_, damaged) => {
    expect(pageOf(damaged)).toEqual({ kind: 'other' });
  });

  it('is not encoded with rows that do not follow each other, nor with formats that change', () => {
    expect(() => encodeLogPageReply(page([row(5, 100), row(3, 90)]))).toThrow(RangeError);
    const finer = { id: 4, records: [energy(900, 1)] };
    expect(() => encodeLogPageReply(page([row(5, 100), finer]))).toThrow(RangeError);
    expect(() => encodeLogPageReply(page([row(5, 100), { id: 4, records: [] }]))).toThrow(RangeError);
  });
});

it('is no configuration with another number of registers than it says', () => {
  const reply = encodeLoggerConfigurationReply({
    ...{ logger: 4, depth: 460, registers: [60, 68], interval: 0, mostIntervalRecords: 0 },
    targetDates: [null, null],
  });
  expect(pageOf(reply.subarray(0, -1))).toEqual({ kind: 'other' });
});
