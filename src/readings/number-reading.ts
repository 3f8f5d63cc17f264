import type { Reading } from './reading.ts';
import type { ReadingValue } from './reading-value.ts';

/** A reading that is a number, and is believed. */
export type NumberReading = Reading & { readonly value: Extract<ReadingValue, { kind: 'number' }> };

export function isNumber(reading: Reading | undefined): reading is NumberReading {
  return reading?.value.kind === 'number';
}

/** What register `id` held when it was read last among `readings`. */
export function numberIn(readings: readonly Reading[], id: number): NumberReading | undefined {
  const reading = readings.findLast(({ register }) => register === id);
  return isNumber(reading) ? reading : undefined;
}
