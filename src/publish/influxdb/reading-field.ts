import type { Reading } from '../../readings/reading.ts';
import { readingValueText } from '../../readings/reading-value.ts';
import { fieldType } from './field-type.ts';
import { printable } from './printable.ts';

const LARGEST_INTEGER = 2n ** 63n - 1n;
/** A float of 64 bits keeps so many digits whatever they are; with more it would be another number. */
const DIGITS_OF_A_FLOAT = 15;

/**
 * A reading as a field of a point: its quantity, and the value as line protocol writes it. Undefined where there is no
 * value, and where the one there is does not fit the type of its quantity.
 */
export function fieldOf(reading: Reading): readonly [key: string, text: string] | undefined {
  const text = fieldText(reading);
  return text === undefined ? undefined : [reading.quantity, text];
}

function fieldText(reading: Reading): string | undefined {
  const { value } = reading;
  const text = readingValueText(value);
  if (text === null) return undefined;
  const isNumber = value.kind === 'number';
  switch (fieldType(reading)) {
    case 'text':
      return quoted(text);
    case 'flag':
      return value.kind === 'flag' ? text : undefined;
    case 'integer':
      return isNumber && isInteger(text) ? `${text}i` : undefined;
    default:
      return isNumber && significantDigits(text) <= DIGITS_OF_A_FLOAT ? text : undefined;
  }
}

function isInteger(text: string): boolean {
  if (text.includes('.')) return false;
  const integer = BigInt(text);
  return integer <= LARGEST_INTEGER && integer >= -LARGEST_INTEGER;
}

function significantDigits(decimal: string): number {
  return decimal.replace(/[-.]/g, '').replace(/^0+/, '').length;
}

function quoted(text: string): string {
  return `"${printable(text).replace(/["\\]/g, '\\$&')}"`;
}
