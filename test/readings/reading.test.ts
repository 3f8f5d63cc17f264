import { describe, expect, test } from 'vitest';
import { UNIT } from '../../src/catalogue/units.ts';
import { numberRecord, type RegisterRecord } from '../../src/kmp/register.ts';
import { readingText, readingValueText, toReading } from '../../src/readings/reading.ts';
import { energy, NOON, number, reading } from './support/readings.ts';

describe('reading text', () => {
  test('a reading for a person has the decimals of the meter and its unit', () => {
    expect(readingText(energy('65.20'))).toBe('65.20 GJ');
  });

  test('a plain number has no unit, and no space for one', () => {
    expect(readingText(reading(99, number('0'), ''))).toBe('0');
  });

  test('a date that never was is none', () => {
    expect(readingText(reading(123, { kind: 'date', value: null }, ''))).toBe('none');
  });

  test('a number that must not be believed has no unit either', () => {
    const value = { kind: 'unknown', value: null, decimals: 1, cause: 'air' } as const;
    expect(readingText(reading(74, value, 'l/h'))).toBe('unknown');
  });
});

describe('take reading', () => {
  test('a register becomes a quantity with its public name, its nature and the moment', () => {
    const reading = toReading(numberRecord(60, UNIT.gigaJoule, 227_445n, 3, 4), NOON);
    expect(reading).toMatchObject({
      quantity: 'heat_energy',
      label: 'Heat energy',
      nature: 'total',
      register: 60,
      unit: 'GJ',
      readAt: NOON,
    });
    expect(readingValueText(reading.value)).toBe('227.445');
  });

  test('the unit is the one that the meter sends, not one that is usual for the register', () => {
    expect(toReading(numberRecord(60, UNIT.megaWattHour, 55_006n, 3, 4), NOON).unit).toBe('MWh');
    expect(toReading(numberRecord(60, UNIT.gigaJoule, 55_006n, 3, 4), NOON).unit).toBe('GJ');
  });

  test('what is no measure has no unit: a date, a bit field', () => {
    expect(toReading(numberRecord(123, UNIT.date, 260_115n, 0, 4), NOON).unit).toBe('');
    expect(toReading(numberRecord(99, UNIT.bitField, 4n, 0, 2), NOON).unit).toBe('');
  });

  test('the decimals of the meter are kept, zeros at the end too', () => {
    const { value } = toReading(numberRecord(86, UNIT.celsius, 6_520n, 2, 2), NOON);
    expect(readingValueText(value)).toBe('65.20');
  });

  test('a register that no list knows is still readable, under its number', () => {
    const reading = toReading(numberRecord(64_999, 75, 12n, 0, 1), NOON);
    expect(reading).toMatchObject({ quantity: 'register_64999', unit: 'unit 75', nature: 'info' });
  });

  test('a date that cannot be understood is no number made of its bytes', () => {
    const record: RegisterRecord = { id: 1047, unit: 79, signExponent: 0, magnitude: Uint8Array.of(1, 2) };
    expect(toReading(record, NOON).value).toEqual({ kind: 'unreadable', value: null, hex: '0102' });
  });
});
