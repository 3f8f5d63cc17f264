import type { Reading } from '../readings/reading.ts';
import { readingValueText } from '../readings/reading-value.ts';

const WHOLE = 347;
const FIRST_DIGITS = 112;
const LAST_DIGITS = 1010;
const DIGITS_PER_REGISTER = 8;

/** The utility's number of the customer: one register on newer meters, two halves on others. Null where there is none. */
export function customerNumber(readings: readonly Reading[]): string | null {
  const textOf = (id: number): string | null => {
    const reading = readings.find(({ register }) => register === id);
    return reading === undefined ? null : readingValueText(reading.value);
  };
  const [whole, first, last] = [textOf(WHOLE), textOf(FIRST_DIGITS), textOf(LAST_DIGITS)];
  if (whole !== null && whole !== '') return whole;
  if (last === null) return first;
  return first === null || first === '0' ? last : `${first}${last.padStart(DIGITS_PER_REGISTER, '0')}`;
}
