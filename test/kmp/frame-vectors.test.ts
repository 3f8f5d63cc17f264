import { Big } from 'big.js';
import { describe, expect, it } from 'vitest';
import { unitSymbol } from '../../src/catalogue/units.ts';
import { toUnsigned } from '../../src/kmp/bytes.ts';
import { decodeFrame, encodeFrame, type Frame, FrameReader } from '../../src/kmp/frame.ts';
import { commandName, decodeMessage } from '../../src/kmp/messages.ts';
import {
  calendarDate,
  clockTime,
  decodeRegisterValue,
  magnitudeOf,
  type RegisterRecord,
  valueText,
} from '../../src/kmp/register.ts';
import {
  type ExpectedRegister,
  FRAME_VECTORS,
  type FrameVector,
  provenance,
  UNSTUFFED_ON_PURPOSE,
  VALID_FRAME_VECTORS,
  wireOf,
} from '../fixtures/frame-vectors.ts';

const SYMBOLS: Readonly<Record<string, string>> = { C: '°C', m3: 'm³' };

function frameOf({ hex }: FrameVector): Frame {
  const decoded = decodeFrame(wireOf(hex));
  if (!decoded.ok) throw new Error(`refused: ${decoded.fault}`);
  return decoded.frame;
}

function expectRecord(record: RegisterRecord | undefined, expected: ExpectedRegister): void {
  if (record === undefined) throw new Error(`register ${expected.id} is missing`);
  const value = decodeRegisterValue(record);
  expect(record.id).toBe(expected.id);
  if (expected.unit !== undefined) expect(record.unit).toBe(expected.unit);
  if (expected.nob !== undefined) expect(record.magnitude).toHaveLength(expected.nob);
  if (expected.siEx !== undefined) expect(record.signExponent).toBe(Number(expected.siEx));
  if (expected.raw !== undefined) expect(magnitudeOf(record)).toBe(BigInt(expected.raw));
  if (expected.unitName !== undefined) {
    expect(unitSymbol(record.unit)).toBe(SYMBOLS[expected.unitName] ?? expected.unitName);
  }
  if (expected.value?.includes('e')) expect(value).toMatchObject({ value: new Big(expected.value) });
  else if (expected.value !== undefined) expect(valueText(value)).toBe(expected.value);
}

describe('a published frame', () => {
  it.each(
    VALID_FRAME_VECTORS.map((vector) => [provenance(vector), vector] as const),
  )('says what its source says: %s', (_, vector) => {
    const { command, dest, meterType, softwareRevision, serial, date, time, sub, registers } =
      vector.expected;
    const frame = frameOf(vector);
    const message = decodeMessage(frame);
    expect(frame.direction).toBe(vector.direction === 'request' ? 'to-meter' : 'from-meter');
    if (command !== undefined) expect(commandName(frame.application[0] ?? 0)).toBe(command);
    if (dest !== undefined) expect(frame.destination).toBe(Number(dest));
    if (meterType !== undefined) {
      expect(message).toEqual({
        kind: 'type',
        meterType: Number.parseInt(meterType, 16),
        softwareRevision,
      });
    }
    if (serial !== undefined) expect(message).toEqual({ kind: 'serial-no', serialNumber: serial });
    if (date !== undefined) {
      const sent = toUnsigned(frame.application.subarray(1, 5));
      expect(calendarDate(2000 + Number(sent / 10000n), sent)).toBe(date);
      expect(clockTime(toUnsigned(frame.application.subarray(5)))).toBe(time);
    }
    if (sub !== undefined) {
      expect(commandName(frame.application[0] ?? 0)).toBe('Logger');
      expect(message.kind).toContain(sub.includes('invalid') ? 'other' : 'log');
    } else if (registers !== undefined && vector.direction === 'request') {
      expect(message).toEqual({ kind: 'get-register', ids: registers });
    } else if (registers !== undefined) {
      const records = message.kind === 'registers' ? message.records : [];
      expect(records).toHaveLength(registers.length);
      registers.forEach((expected, index) => {
        if (typeof expected !== 'number') expectRecord(records[index], expected);
      });
    }
  });

  it.each(
    VALID_FRAME_VECTORS.filter(({ hex }) => hex !== UNSTUFFED_ON_PURPOSE).map(
      (vector) => [provenance(vector), vector] as const,
    ),
  )('is encoded to the bytes it came from: %s', (_, vector) => {
    expect(encodeFrame(frameOf(vector))).toEqual(wireOf(vector.hex));
  });

  it.each(
    FRAME_VECTORS.filter(({ crc }) => crc === 'INVALID').map(
      (vector) => [provenance(vector), vector] as const,
    ),
  )('is refused for its checksum: %s', (_, { hex }) => {
    expect(decodeFrame(wireOf(hex))).toMatchObject({ ok: false, fault: 'checksum' });
  });
});

describe('a published receive buffer', () => {
  it('holds nothing but an acknowledge: reply to SetClock, 5512-447 section 6.2.3', () => {
    const acks = FRAME_VECTORS.filter(({ crc }) => crc.startsWith('not-applicable'));
    expect(acks.map(({ hex }) => new FrameReader().push(wireOf(hex)))).toEqual([[{ kind: 'ack' }]]);
  });

  it('holds the echo and then the reply: MULTICAL 21, bsdphk/PyKamstrup pull request 6', () => {
    const [buffer, ...others] = FRAME_VECTORS.filter(({ crc }) => crc === 'two frames');
    const [request, reply] = ['803F1001006319450D', '403F1000633302000000CF4E0D'].map(wireOf);
    const reader = new FrameReader();
    if (request !== undefined) reader.expectEcho(request);
    const items = reader.push(wireOf(buffer?.hex ?? ''));
    expect(others).toEqual([]);
    expect(items).toMatchObject([
      { kind: 'echo', wire: request },
      { kind: 'frame', wire: reply },
    ]);
  });

  it('is resynchronised where the sender forgot to stuff a CRC of 40 0D: jktjkt/PyKMP negative test', () => {
    const items = new FrameReader().push(wireOf(UNSTUFFED_ON_PURPOSE));
    expect(items).toMatchObject([
      { kind: 'discarded', reason: 'interrupted', direction: 'to-meter' },
      { kind: 'discarded', reason: 'too-short', direction: 'from-meter' },
      { kind: 'discarded', reason: 'noise', bytes: Uint8Array.of(0x0d) },
    ]);
  });
});
