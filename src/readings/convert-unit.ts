import { Big } from 'big.js';
import { unitRatio } from '../shared/unit-families.ts';
import type { Reading } from './reading.ts';

/** A number with as many decimals as count. */
export interface DecimalNumber {
  readonly value: Big;
  readonly decimals: number;
}

/** More digits than any register has, so that a division that ends is seen to end. */
const Precise = Big();
Precise.DP = 100;

/**
 * The same amount in another unit; undefined where the units are not of one kind. Exact where the last digit of `number`
 * has an end in the new unit (kWh to GJ), with as many decimals as that takes. Where it has none (1 GJ is 277.7... kWh)
 * rounded, to a last digit that is smaller than the old one: equal stays equal, more stays more, and nothing is lost.
 */
export function convertUnit(number: DecimalNumber, from: string, to: string): DecimalNumber | undefined {
  if (from === to) return number;
  const ratio = unitRatio(from, to);
  if (ratio === undefined) return undefined;
  const decimals = decimalsIn(ratio, number.decimals);
  const [numerator, denominator] = ratio;
  const converted = new Precise(number.value.times(numerator)).div(denominator);
  return { value: new Big(converted.toFixed(decimals)), decimals };
}

/** Whether every number converts without rounding. */
export function convertsExactly(from: string, to: string): boolean {
  const ratio = unitRatio(from, to);
  return from === to || (ratio !== undefined && ends(ratio));
}

/** Undefined where it cannot be converted. A number that is not believed stays none, with the decimals of the others. */
export function convertReading(reading: Reading, to: string): Reading | undefined {
  const { value, unit } = reading;
  if (value.kind === 'number') {
    const converted = convertUnit(value, unit, to);
    return converted && { ...reading, unit: to, value: { kind: 'number', ...converted } };
  }
  if (value.kind !== 'unknown') return undefined;
  const zero = convertUnit({ value: new Big(0), decimals: value.decimals }, unit, to);
  return zero && { ...reading, unit: to, value: { ...value, decimals: zero.decimals } };
}

function decimalsIn(ratio: readonly [string, string], decimals: number): number {
  const lastDigit = quotient(ratio).times(`1e-${decimals}`);
  if (ends(ratio)) return lastDigit.toFixed().split('.')[1]?.length ?? 0;
  return Math.max(0, -lastDigit.e);
}

function ends(ratio: readonly [string, string]): boolean {
  const [numerator, denominator] = ratio;
  return quotient(ratio).times(denominator).eq(numerator);
}

function quotient([numerator, denominator]: readonly [string, string]): Big {
  return new Precise(numerator).div(denominator);
}
