import { byteAt, fromUnsigned, toUnsigned, wordAt } from './bytes.ts';

/**
 * One register as the meter sends it: id(2) unit(1) length(1) sign-and-exponent(1) magnitude(length).
 * Kept undecoded, because what the magnitude means depends on the unit (register-value.ts).
 */
export interface RegisterRecord {
  readonly id: number;
  readonly unit: number;
  /** Bit 7: value negative; bit 6: exponent negative; bits 5 to 0: exponent (5512-447 section 4.2). */
  readonly signExponent: number;
  /** Big-endian, 1 to 16 bytes. */
  readonly magnitude: Uint8Array;
}

const HEADER_LENGTH = 5;
const LONGEST_MAGNITUDE = 16;
const LARGEST_EXPONENT = 0x3f;

export function encodeRegisterRecord({ id, unit, signExponent, magnitude }: RegisterRecord): number[] {
  return [id >> 8, id & 0xff, unit, magnitude.length, signExponent, ...magnitude];
}

/** All records in `bytes`, which they must fill exactly; undefined otherwise. */
export function decodeRegisterRecords(bytes: Uint8Array): RegisterRecord[] | undefined {
  const records: RegisterRecord[] = [];
  let offset = 0;
  while (offset < bytes.length) {
    const end = offset + HEADER_LENGTH + byteAt(bytes, offset + 3);
    const magnitude = bytes.slice(offset + HEADER_LENGTH, end);
    if (end > bytes.length || magnitude.length === 0 || magnitude.length > LONGEST_MAGNITUDE)
      return undefined;
    records.push({
      id: wordAt(bytes, offset),
      unit: byteAt(bytes, offset + 2),
      signExponent: byteAt(bytes, offset + 4),
      magnitude,
    });
    offset = end;
  }
  return records;
}

export function magnitudeOf(record: RegisterRecord): bigint {
  return toUnsigned(record.magnitude);
}

/**
 * A record for a number given as integer and decimals: 5365 with 2 decimals is 53.65; 255 with -3 decimals
 * is 255000. RangeError where the number does not fit: a cut one would be a wrong reading.
 */
export function numberRecord(
  id: number,
  unit: number,
  integer: bigint,
  decimals: number,
  length: number,
): RegisterRecord {
  const sign = integer < 0n ? 0x80 : 0;
  const exponent = decimals > 0 ? 0x40 | decimals : -decimals;
  const magnitude = integer < 0n ? -integer : integer;
  if (Math.abs(decimals) > LARGEST_EXPONENT) throw new RangeError(`${decimals} decimals exceed six bits`);
  if (magnitude >> BigInt(8 * length) !== 0n) throw new RangeError(`${integer} exceeds ${length} bytes`);
  return {
    id,
    unit,
    signExponent: sign | exponent,
    magnitude: Uint8Array.from(fromUnsigned(magnitude, length)),
  };
}
