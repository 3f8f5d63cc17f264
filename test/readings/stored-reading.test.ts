import { Big } from 'big.js';
import { describe, expect, test } from 'vitest';
import { type ReadingValue, readingValueText } from '../../src/readings/reading.ts';
import { restoreReading, storeReading } from '../../src/readings/stored-reading.ts';
import { energy, number, reading } from './support/readings.ts';

/** To disk and back. */
function throughJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

const VALUES: Array<[string, ReadingValue]> = [
  ['a number', number('227.445')],
  ['a number that ends in zeros', number('65.20')],
  ['a negative number', number('-123.45')],
  ['zero', number('0.000')],
  ['a number beyond 2^53', number('123456789012345678901234567890.123')],
  ['a number of 63 decimals', { kind: 'number', value: new Big('7e-63'), decimals: 63 }],
  ['a number of 63 zeros', { kind: 'number', value: new Big('7e63'), decimals: 0 }],
  ['a date', { kind: 'date', value: '2014-05-08' }],
  ['a date that never was', { kind: 'date', value: null }],
  ['a day of the year', { kind: 'month-day', value: '08-24' }],
  ['a time', { kind: 'time', value: '20:02:43' }],
  ['a date with time', { kind: 'date-time', value: '2026-07-23T19:19:47', daylightSaving: 60 }],
  ['a date with time that was never set', { kind: 'date-time', value: null, daylightSaving: 0 }],
  ['a text', { kind: 'text', value: '02K52AC1A7CZ' }],
  ['an empty text', { kind: 'text', value: '' }],
  ['a number that must not be believed', { kind: 'unknown', value: null, decimals: 2, cause: 'shorted' }],
  ['something that is the matter', { kind: 'flag', value: true }],
  ['a moment', { kind: 'timestamp', value: '2026-01-23T19:19:47+01:00' }],
  ['bytes that nobody could read', { kind: 'unreadable', value: null, hex: '0102FF' }],
];

describe('a reading comes back from disk as it was', () => {
  test.each(VALUES)('%s', (_, value) => {
    const original = reading(60, value, 'GJ', 3);
    const restored = restoreReading(throughJson(storeReading(original)));
    expect(restored).toEqual(original);
    expect(restored && readingValueText(restored.value)).toBe(readingValueText(value));
  });
});

test('numbers are stored as exact decimal texts', () => {
  const stored = storeReading(energy('123456789012345678.900'));
  expect(stored.value).toMatchObject({ kind: 'number', value: '123456789012345678.9', decimals: 3 });
});

test('name and nature come from the register table of today, not from the file', () => {
  const stored = { ...storeReading(energy('1.000')), quantity: 'old_name', nature: 'live' };
  expect(restoreReading(throughJson(stored))).toMatchObject({ quantity: 'heat_energy', nature: 'total' });
});

describe('what is no reading gives none:', () => {
  const good = storeReading(energy('227.445'));
  const withValue = (value: unknown): unknown => ({ ...good, value });

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'heat_energy: 5'],
    ['a list', [1, 2]],
    ['an empty object', {}],
    ['no register', { ...good, register: undefined }],
    ['a register in words', { ...good, register: 'sixty' }],
    ['a register out of range', { ...good, register: 70_000 }],
    ['half a register', { ...good, register: 60.5 }],
    ['no unit', { ...good, unit: undefined }],
    ['a unit that no meter has', { ...good, unit: 'furlong' }],
    ['a unit that is called like something every object has', { ...good, unit: 'toString' }],
    ['more digits than a register can mean', { ...good, value: { ...good.value, value: '9'.repeat(101) } }],
    ['a date that is none', { ...good, value: { kind: 'date', value: 'yesterday' } }],
    ['no time', { ...good, readAt: undefined }],
    ['an endless time', { ...good, readAt: Number.POSITIVE_INFINITY }],
    ['a time that no calendar knows', { ...good, readAt: 1e16 }],
    ['a time before all meters', { ...good, readAt: -1 }],
    ['no value', withValue(undefined)],
    ['a bare number', withValue(227.445)],
    ['null for a value', withValue(null)],
    ['a number that is none', withValue({ kind: 'number', value: 'NaN', decimals: 3 })],
    ['a number in other notation', withValue({ kind: 'number', value: '1e5', decimals: 3 })],
    ['no number', withValue({ kind: 'number', value: null, decimals: 3 })],
    ['a number that lost its exactness', withValue({ kind: 'number', value: 227.445, decimals: 3 })],
    ['no decimals', withValue({ kind: 'number', value: '1' })],
    ['negative decimals', withValue({ kind: 'number', value: '1', decimals: -1 })],
    ['half a decimal', withValue({ kind: 'number', value: '1', decimals: 1.5 })],
    ['more decimals than the protocol knows', withValue({ kind: 'number', value: '1', decimals: 64 })],
    ['no text', withValue({ kind: 'text', value: null })],
    ['a date with time without daylight saving', withValue({ kind: 'date-time', value: null })],
    ['a kind that does not exist', withValue({ kind: 'colour', value: 'red' })],
  ])('%s', (_, stored) => {
    expect(restoreReading(stored)).toBeUndefined();
  });
});

test('unreadable bytes come back even where their hex was lost', () => {
  const stored = { ...storeReading(energy('1.000')), value: { kind: 'unreadable', value: null } };
  expect(restoreReading(stored)?.value).toEqual({ kind: 'unreadable', value: null, hex: '' });
});

test('hours that an earlier version kept without a unit are hours, so that they go on', () => {
  expect(restoreReading(throughJson(storeReading(reading(1004, number('4512'), ''))))?.unit).toBe('h');
  expect(restoreReading(throughJson(storeReading(reading(113, number('12'), ''))))?.unit).toBe('');
});
