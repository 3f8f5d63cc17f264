import { describe, expect, it } from 'vitest';
import { type ApplicationBytes, toHex } from '../../src/kmp/bytes.ts';
import { bytesInWords } from '../../src/kmp/bytes-in-words.ts';
import { encodeFrame } from '../../src/kmp/frame.ts';
import {
  encodeIntervalLogReply,
  encodeIntervalLogRequest,
  type IntervalLogRequest,
} from '../../src/kmp/interval-log.ts';
import { encodeLogByIdRequest } from '../../src/kmp/logger.ts';
import { numberRecord } from '../../src/kmp/register.ts';

/** Meanings of what stands between command and checksum, after a look whether every byte is there, in its order. */
function meanings(bytes: Uint8Array): readonly string[] {
  const parts = bytesInWords(bytes);
  expect(parts.map((part) => part.bytes).join('')).toBe(toHex(bytes));
  return parts.map(({ meaning }) => meaning).slice(3, -2);
}

const ofHex = (hex: string) => meanings(Buffer.from(hex, 'hex'));
const request = (application: ApplicationBytes) =>
  meanings(encodeFrame({ direction: 'to-meter', destination: 0x7f, application }));
const reply = (application: ApplicationBytes) =>
  meanings(encodeFrame({ direction: 'from-meter', destination: 0x7f, application }));

describe('the bytes of a log in words', () => {
  it('are those of its configuration', () => {
    expect(ofHex('803FB8050270EE0D')).toEqual(['its configuration', 'logger year']);
    expect(
      ofHex(
        '403FB805020101010100000100010000142B003C003F0061006E001BBF0041016A00440054005501710063007B017F007C007D011B7F007E007F0181001B7F00810182008203EC00AF005E003D003E005F006001D901DA004500E000E10048004902030152015C03EB03EAD5640D',
      ).slice(0, 9),
    ).toEqual([
      ...['its configuration', 'logger year', 'first target date', 'second target date'],
      ...['most rows of an interval: 0', 'interval: 0', 'rows that it holds: 20'],
      ...['number of registers: 43', 'register 60: Heat energy'],
    ]);
  });

  it('are those of a page, whose formats come once', () => {
    expect(ofHex('403FB81BF902000201000000020000000200C003EB3004000003F8050003D0F5AA3A0D')).toEqual([
      ...['rows by their numbers', 'logger year', 'number of rows', 'number of registers'],
      ...['number of the first row', 'newest row: 2', 'flags: oldest-included, newest-included'],
      ...['register 1003: Meter date', 'unit code 48 (date)', 'length of the value: 4', 'sign +, exponent 0'],
      ...['value: 2026-01-01', 'row 1, register 1003: 2025-01-01'],
    ]);
  });

  it('are those of a request for a page', () => {
    expect(request(encodeLogByIdRequest({ logger: 9, id: 188, count: 3, registers: [68] }))).toEqual([
      ...['rows by their numbers', 'logger 9', 'from row 188 down', 'number of rows: 3'],
      ...['number of registers: 1', 'register 68: Volume'],
    ]);
    expect(ofHex('803FB80707FFFF00010103EAB85E0D')).toContain('rows that are left out: 65535');
  });

  it('say of a row of zeros in an empty log that it is none', () => {
    const words = ofHex('403FB807070001010000000000000000000103EA2F0400000000001F2F0D');
    expect(words.slice(-3)).toEqual(['newest row: 0', 'flags: empty', 'nothing that is believed']);
  });

  it('are those of an interval log', () => {
    const asked = { log: 1, registers: [60], rows: 3, longest: 128 };
    const time = { year: 2007, month: 5, day: 11, hour: 10, minute: 30, second: 0 };
    const words = (more: IntervalLogRequest) => request(encodeIntervalLogRequest(more)).slice(3);
    const [rows, longest] = ['number of rows: 3', 'longest reply: 128 bytes'];
    expect(words({ ...asked, command: 'from-id', id: 7 })).toEqual([rows, longest, 'from row 7 up']);
    expect(words({ ...asked, command: 'past', time, offset: 2 })).toEqual([
      ...[rows, longest, 'time: 2007-05-11 10:30:00', 'rows that are left out: 2'],
    ]);
    const row = (id: number, energy: bigint) => ({ id, records: [numberRecord(60, 2, energy, 0, 4)] });
    const page = { command: 'from-id', log: 1, lastId: 9, newestId: 90 } as const;
    const bytes = encodeIntervalLogReply({ ...page, rows: [row(7, 5n), row(9, 6n)], flags: new Set() });
    expect(reply(bytes)).toEqual([
      ...['log 1', 'number of registers', 'row 7', 'register 60: Heat energy', 'unit kWh'],
      ...['length of the value: 4', 'sign +, exponent 0', 'value: 5 kWh', 'row 9'],
      ...['row 9, register 60: 6 kWh', 'last row of the reply: 9', 'newest row: 90', 'flags: none'],
    ]);
    const empty = encodeIntervalLogReply({ ...page, rows: [row(0, 0n)], flags: new Set(['empty']) });
    expect(reply(empty)).toContain('nothing that is believed');
  });

  it('are none for a time that was never set', () => {
    const never = { id: 1003, unit: 48, signExponent: 0, magnitude: Uint8Array.of(0, 0, 0, 0) };
    const page = { command: 'from-id', log: 1, lastId: 2, newestId: 2, flags: new Set<never>() } as const;
    const bytes = encodeIntervalLogReply({
      ...page,
      rows: [
        { id: 1, records: [never] },
        { id: 2, records: [never] },
      ],
    });
    expect(reply(bytes)).toContain('row 2, register 1003: none');
  });
});
