import { Big } from 'big.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UNIT } from '../../src/catalogue/units.ts';
import {
  decodeRegisterRecords,
  decodeRegisterValue,
  encodeRegisterRecord,
  numberRecord,
  valueText,
} from '../../src/kmp/register.ts';
import { awkwardBytes, FIXED, registerId, registerRecord } from './support/kmp-arbitraries.ts';

const decimals = fc.integer({ min: -63, max: 63 });

/** Numbers that fill up to 16 bytes, among them many beyond 2^53 and negative ones. */
const numberInBytes = fc.integer({ min: 1, max: 16 }).chain((length) => {
  const max = 2n ** BigInt(8 * length) - 1n;
  return fc.record({ integer: fc.bigInt({ min: -max, max }), length: fc.constant(length) });
});

/** The meter's notation without big.js: digits, and a point in front of the decimals. */
function written(integer: bigint, places: number): string {
  if (places <= 0) return String(integer * 10n ** BigInt(-places));
  const digits = String(integer < 0n ? -integer : integer).padStart(places + 1, '0');
  return `${integer < 0n ? '-' : ''}${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

describe('any register record', () => {
  it('comes out of its encoding as it went in, alone and among others', () => {
    fc.assert(
      fc.property(fc.array(registerRecord, { maxLength: 10 }), (records) => {
        const bytes = Uint8Array.from(records.flatMap(encodeRegisterRecord));
        expect(decodeRegisterRecords(bytes)).toEqual(records);
      }),
      FIXED,
    );
  });

  it('is refused when its end is missing', () => {
    fc.assert(
      fc.property(registerRecord, fc.nat(), (record, place) => {
        const bytes = Uint8Array.from(encodeRegisterRecord(record));
        const length = 1 + (place % (bytes.length - 1));
        expect(decodeRegisterRecords(bytes.subarray(0, length))).toBeUndefined();
      }),
      FIXED,
    );
  });

  it('has a value of a known kind, whose text fits JSON', () => {
    fc.assert(
      fc.property(registerRecord, (record) => {
        const text = valueText(decodeRegisterValue(record));
        expect(text === null || /^[\x20-\x7e]*$/.test(text)).toBe(true);
      }),
      FIXED,
    );
  });

  it('with a date or time is null, unreadable or in ISO form', () => {
    const unit = fc.constantFrom(
      UNIT.clock,
      UNIT.date,
      UNIT.longDate,
      UNIT.monthDay,
      UNIT.realTimeClock,
      UNIT.realTimeClockQuarter,
      UNIT.secondsSince2000,
      UNIT.dstDateTime,
    );
    const lengths = fc.oneof(
      awkwardBytes(1, 16),
      awkwardBytes(7, 8),
      fc.uint8Array({ minLength: 2, maxLength: 5 }),
    );
    fc.assert(
      fc.property(registerRecord, unit, lengths, (record, code, magnitude) => {
        const text = valueText(decodeRegisterValue({ ...record, unit: code, magnitude }));
        if (text !== null) {
          expect(text).toMatch(/^(\d{4}-)?\d\d-\d\d$|^\d\d:\d\d:\d\d$|^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
        }
      }),
      FIXED,
    );
  });
});

describe('any bytes', () => {
  it('are register records to the last byte, or refused', () => {
    fc.assert(
      fc.property(awkwardBytes(0, 40), (bytes) => {
        const records = decodeRegisterRecords(bytes);
        if (records !== undefined) expect(records.flatMap(encodeRegisterRecord)).toEqual(Array.from(bytes));
      }),
      FIXED,
    );
  });
});

describe('any number of 1 to 16 bytes with up to 63 decimals or zeros', () => {
  it('is read exactly as it was written', () => {
    fc.assert(
      fc.property(registerId, numberInBytes, decimals, (id, { integer, length }, places) => {
        const record = numberRecord(id, UNIT.number, integer, places, length);
        const [received] = decodeRegisterRecords(Uint8Array.from(encodeRegisterRecord(record))) ?? [];
        expect(received).toEqual(record);
        const value = decodeRegisterValue(record);
        expect(valueText(value)).toBe(written(integer, places));
        expect(value).toMatchObject({ kind: 'number', decimals: Math.max(0, places) });
      }),
      FIXED,
    );
  });

  it('has the value integer times ten to the power of the exponent', () => {
    fc.assert(
      fc.property(numberInBytes, decimals, ({ integer, length }, places) => {
        const value = decodeRegisterValue(numberRecord(60, UNIT.gigaJoule, integer, places, length));
        const expected = new Big(String(integer)).times(new Big(`1e${-places}`));
        expect(value.kind === 'number' && value.value.eq(expected)).toBe(true);
      }),
      FIXED,
    );
  });
});
