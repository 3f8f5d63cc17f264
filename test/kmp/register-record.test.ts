import { describe, expect, it } from 'vitest';
import {
  decodeRegisterRecords,
  encodeRegisterRecord,
  magnitudeOf,
  numberRecord,
} from '../../src/kmp/register-record.ts';

const ENERGY = [0x00, 0x3c, 0x03, 0x04, 0x43, 0x00, 0x00, 0xd6, 0xde];
const TEMPERATURE = [0x00, 0x95, 0x25, 0x01, 0x00, 0x45];

describe('a register record', () => {
  it('has id, unit, sign and exponent, and magnitude', () => {
    expect(decodeRegisterRecords(Uint8Array.from(ENERGY))).toEqual([
      { id: 60, unit: 3, signExponent: 0x43, magnitude: Uint8Array.of(0, 0, 0xd6, 0xde) },
    ]);
  });

  it('has a length of its own, even beside others of the same reply', () => {
    const records = decodeRegisterRecords(Uint8Array.from([...TEMPERATURE, ...ENERGY, ...TEMPERATURE]));
    expect(records?.map(({ id, magnitude }) => [id, magnitude.length])).toEqual([
      [149, 1],
      [60, 4],
      [149, 1],
    ]);
    expect(records?.flatMap(encodeRegisterRecord)).toEqual([...TEMPERATURE, ...ENERGY, ...TEMPERATURE]);
  });

  it('may be absent altogether', () => {
    expect(decodeRegisterRecords(Uint8Array.of())).toEqual([]);
  });

  it.each(
    Array.from({ length: ENERGY.length - 1 }, (_, index) => index + 1),
  )('is refused when it ends after %i bytes', (length) => {
    expect(decodeRegisterRecords(Uint8Array.from(ENERGY.slice(0, length)))).toBeUndefined();
    expect(decodeRegisterRecords(Uint8Array.from([...ENERGY, ...ENERGY.slice(0, length)]))).toBeUndefined();
  });

  it.each([
    [0, false],
    [1, true],
    [16, true],
    [17, false],
  ])('with a magnitude of %i bytes is readable: %s', (length, readable) => {
    const bytes = Uint8Array.from([0x00, 0x3c, 0x03, length, 0x00, ...new Uint8Array(length)]);
    expect(decodeRegisterRecords(bytes) !== undefined).toBe(readable);
  });

  it('keeps its content when the received bytes are written over', () => {
    const bytes = Uint8Array.from(ENERGY);
    const records = decodeRegisterRecords(bytes);
    bytes.fill(0);
    expect(records?.map(magnitudeOf)).toEqual([55006n]);
  });
});

describe('a record of a number', () => {
  it('puts sign, decimals and powers of ten into one byte (5512-447 section 4.2)', () => {
    expect(numberRecord(86, 37, -12345n, 2, 4)).toEqual({
      id: 86,
      unit: 37,
      signExponent: 0xc2,
      magnitude: Uint8Array.of(0, 0, 0x30, 0x39),
    });
    expect(numberRecord(86, 37, 87654321n, -3, 4).signExponent).toBe(0x03);
    expect(numberRecord(86, 37, 255n, 0, 1).signExponent).toBe(0x00);
  });

  it('takes all 63 decimals and no more', () => {
    expect(numberRecord(1, 0, 1n, 63, 1).signExponent).toBe(0x7f);
    expect(numberRecord(1, 0, 1n, -63, 1).signExponent).toBe(0x3f);
    expect(() => numberRecord(1, 0, 1n, 64, 1)).toThrow(RangeError);
    expect(() => numberRecord(1, 0, 1n, -64, 1)).toThrow(RangeError);
  });

  it('takes a number that fills its bytes and none that exceeds them', () => {
    expect(numberRecord(1, 0, 0xffffn, 0, 2).magnitude).toEqual(Uint8Array.of(0xff, 0xff));
    expect(() => numberRecord(1, 0, 0x10000n, 0, 2)).toThrow(RangeError);
    expect(() => numberRecord(1, 0, -0x10000n, 0, 2)).toThrow(RangeError);
  });
});
