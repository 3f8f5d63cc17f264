import { describe, expect, it } from 'vitest';
import { type ApplicationBytes, toHex } from '../../src/kmp/bytes.ts';
import { type ExplainedFrame, explainFrames } from '../../src/kmp/explain.ts';
import { encodeFrame } from '../../src/kmp/frame.ts';
import {
  encodeIntervalLogReply,
  encodeIntervalLogRequest,
  type IntervalLogRequest,
} from '../../src/kmp/interval-log.ts';
import { encodeLogFromNewestRequest } from '../../src/kmp/logger.ts';
import { numberRecord } from '../../src/kmp/register.ts';
import {
  FRAME_VECTORS,
  provenance,
  UNSTUFFED_ON_PURPOSE,
  VALID_FRAME_VECTORS,
} from '../fixtures/frame-vectors.ts';

function theFrame(text: string): ExplainedFrame {
  const [frame, ...rest] = Array.from(explainFrames(text)).filter((item) => !('flaw' in item));
  if (frame === undefined || !('crc' in frame) || rest.length > 0) throw new Error(`not one frame: ${text}`);
  return frame;
}

type Place =
  | Pick<Extract<IntervalLogRequest, { command: 'from-id' }>, 'command' | 'id'>
  | Pick<Extract<IntervalLogRequest, { command: 'from-time' }>, 'command' | 'time'>
  | Pick<Extract<IntervalLogRequest, { command: 'past' }>, 'command' | 'time' | 'offset'>;

const YEAR_CONFIGURATION =
  '403FB805020101010100000100010000142B003C003F0061006E001BBF0041016A00440054005501710063007B017F007C007D011B7F007E007F0181001B7F00810182008203EC00AF005E003D003E005F006001D901DA004500E000E10048004902030152015C03EB03EAD5640D';

describe('explaining frames of others', () => {
  it.each(
    VALID_FRAME_VECTORS.filter(({ hex }) => hex !== UNSTUFFED_ON_PURPOSE).map(
      (vector) => [provenance(vector), vector] as const,
    ),
  )('%s', (_, { hex, direction, expected }) => {
    const frame = theFrame(hex);
    expect(frame).toMatchObject({
      hex,
      crc: 'valid',
      direction: direction === 'request' ? 'to-meter' : 'from-meter',
    });
    if (expected.serial !== undefined) expect(frame.serialNumber).toBe(expected.serial);
    if (expected.softwareRevision) expect(frame.softwareRevision).toBe(expected.softwareRevision);
    if (frame.registers === undefined) return;
    const ids = frame.registers.map((register) => (typeof register === 'number' ? register : register.id));
    const named = expected.registers?.map((register) =>
      typeof register === 'number' ? register : register.id,
    );
    expect(ids).toEqual(named ?? ids);
  });

  it('never shows a value of a frame whose checksum is wrong', () => {
    for (const { hex } of FRAME_VECTORS.filter(({ crc }) => crc === 'invalid')) {
      const frames = Array.from(explainFrames(hex));
      expect(frames).toEqual([
        expect.objectContaining({ crc: 'invalid' }),
        { flaw: expect.stringContaining('damaged'), line: 1 },
      ]);
      expect(frames[0]).not.toHaveProperty('registers');
      expect(frames[0]).not.toHaveProperty('data');
    }
  });

  it.each([
    ['an escape before a byte that is never escaped', '80 3F 1B 00 02 35 E9 0D'],
    ['too few bytes', '80 3F 0D'],
    ['too many bytes', `40${'11'.repeat(2047)}`],
  ])('shows a frame with %s as damaged, without a command', (_, text) => {
    const frame = theFrame(text);
    expect(frame.crc).toBe('invalid');
    expect(frame).not.toHaveProperty('cid');
  });

  it.each([
    ['803FB8050270EE0D', { logger: 'year', wanted: 'its configuration' }],
    ['803FB805FF4E5C0D', { logger: '255', wanted: 'its configuration' }],
    ['803FB81BF9020000000200020103EB75070D', { logger: 'year', wanted: 'up to 2 rows from 2 down' }],
    ['803FB80707FFFF00010103EAB85E0D', { logger: 'minute-2', wanted: '1 row from the oldest' }],
    [
      '403FB807070001010000000000000000000103EA2F0400000000001F2F0D',
      { logger: 'minute-2', newestId: 0, flags: ['empty'], rows: [] },
    ],
    [
      '403FB81BF902000201000000020000000200C003EB3004000003F8050003D0F5AA3A0D',
      {
        ...{ logger: 'year', newestId: 2, flags: ['oldest-included', 'newest-included'] },
        rows: [
          { id: 2, registers: [{ id: 1003, quantity: 'date', value: '2026-01-01', unit: '' }] },
          { id: 1, registers: [{ id: 1003, quantity: 'date', value: '2025-01-01', unit: '' }] },
        ],
      },
    ],
  ])('tells of a log: %s', (hex, log) => {
    expect(theFrame(hex).log).toEqual(log);
  });

  it('tells how many rows a logger holds, and of which registers', () => {
    const { log, registers } = theFrame(YEAR_CONFIGURATION);
    expect(log).toEqual({ logger: 'year', depth: 20 });
    expect(registers).toHaveLength(43);
  });

  it('tells where in a log the rows begin that are wanted', () => {
    const asked = { log: 1, registers: [60], rows: 1, longest: 128 };
    const time = { year: 2026, month: 1, day: 2, hour: 3, minute: 4, second: 5 };
    const wanted = (application: ApplicationBytes) =>
      theFrame(toHex(encodeFrame({ direction: 'to-meter', destination: 0x7f, application }))).log?.wanted;
    const ofLog = (place: Place) => wanted(encodeIntervalLogRequest({ ...asked, ...place }));
    const fromNewest = { logger: 4, offset: 2, count: 1, registers: [60] };
    expect(wanted(encodeLogFromNewestRequest(fromNewest))).toBe('1 row from the newest but 2, down');
    expect(ofLog({ command: 'from-id', id: 7 })).toBe('1 row from 7 up');
    expect(ofLog({ command: 'from-time', time })).toBe('1 row since 2026-01-02 03:04:05');
    expect(ofLog({ command: 'past', time, offset: 2 })).toBe(
      '1 row until 2026-01-02 03:04:05, without the last 2, down',
    );
  });

  it('tells what an interval log holds', () => {
    const row = { id: 7, records: [numberRecord(60, 2, 256n, 0, 4)] };
    const page = { command: 'from-id', log: 1, rows: [row], lastId: 7, newestId: 90 } as const;
    const application = encodeIntervalLogReply({ ...page, flags: new Set() });
    expect(
      theFrame(toHex(encodeFrame({ direction: 'from-meter', destination: 0x7f, application }))).log,
    ).toEqual({
      ...{ logger: '1', newestId: 90, flags: [] },
      rows: [{ id: 7, registers: [{ id: 60, quantity: 'heat_energy', value: '256', unit: 'kWh' }] }],
    });
  });

  it('keeps everything in its order: noise, frames, acknowledges', () => {
    expect(Array.from(explainFrames('00 803F0235E90D 06 403F0201234567E9560D FF'))).toMatchObject([
      { hex: '00', stray: true },
      { direction: 'to-meter', command: 'GetSerialNo' },
      { ack: true },
      { direction: 'from-meter', serialNumber: 19088743 },
      { hex: 'FF', stray: true },
    ]);
  });
});
