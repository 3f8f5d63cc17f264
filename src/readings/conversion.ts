import { Big } from 'big.js';
import { traitsOf } from '../catalogue/quantities.ts';
import { unitRatio } from '../catalogue/units.ts';
import type { Reading } from './reading.ts';

/** `decimals`: how many of them are significant. */
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
  return { value: new Big(times(number.value, ratio).toFixed(decimals)), decimals };
}

/** The same amount in another unit, with more digits than count where it has no end there; undefined as above. */
export function amountIn(amount: Big, from: string, to: string): Big | undefined {
  const ratio = unitRatio(from, to);
  return ratio && times(amount, ratio);
}

/** How many `to` are one `from`, in the five digits that a person can use; undefined as above. */
export function ratioText(from: string, to: string): string | undefined {
  const amount = amountIn(new Big(1), from, to);
  return amount && new Big(amount.toPrecision(5)).toFixed();
}

function times(amount: Big, [numerator, denominator]: readonly [string, string]): Big {
  return new Precise(amount.times(numerator)).div(denominator);
}

/** True where every number converts without rounding. */
export function convertsExactly(from: string, to: string): boolean {
  const ratio = unitRatio(from, to);
  return from === to || (ratio !== undefined && ends(ratio));
}

/** Undefined where it cannot be converted. An unknown number stays unknown, with the decimals of known ones. */
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

/** Rounded to thousandths, because most flows have no end in this unit. Undefined for other units. */
export function litresPerMinute(number: DecimalNumber, unit: string): string | undefined {
  const hourly = convertUnit(number, unit, 'l/h');
  return hourly?.value.div(60).round(3).toFixed();
}

/** An exact amount and its unit (W, kW, MW), as a person wrote it. */
export interface PowerLevel {
  readonly amount: string;
  readonly unit: string;
}

/** Undefined where the readings hold no power, or an unknown one. */
export function isPowerAbove(readings: readonly Reading[], level: PowerLevel): boolean | undefined {
  const reading = readings.find(({ quantity }) => traitsOf(quantity).demand);
  if (reading?.value.kind !== 'number') return undefined;
  const now = amountIn(reading.value.value, reading.unit, level.unit);
  return now?.gt(level.amount);
}

/** Cuts everything behind the decimal point, as the wheels of a counter do. */
export function wholeText({ value }: DecimalNumber): string {
  return value.round(0, 0).toFixed().replace(/^-0$/, '0');
}
