import { expect, test } from 'vitest';
import { readingText } from '../../src/readings/reading-text.ts';
import { energy, number, reading } from './readings.ts';

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
