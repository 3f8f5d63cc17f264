import { Big } from 'big.js';
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
  const [numerator, denominator] = ratio;
  const converted = new Precise(number.value.times(numerator)).div(denominator);
  return { value: new Big(converted.toFixed(decimals)), decimals };
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

const WATTS: Readonly<Record<string, string>> = { W: '1', kW: '1000', MW: '1000000', GW: '1000000000' };
/** Heat meters have the first, electricity meters the second. */
const QUANTITIES: readonly string[] = ['power', 'power_import'];

/** Undefined where the readings hold no power, or an unknown one. */
export function isPowerAbove(readings: readonly Reading[], level: PowerLevel): boolean | undefined {
  const reading = readings.find(({ quantity }) => QUANTITIES.includes(quantity));
  if (reading?.value.kind !== 'number') return undefined;
  const now = watts(reading.value.value, reading.unit);
  const threshold = watts(new Big(level.amount), level.unit);
  return now === undefined || threshold === undefined ? undefined : now.gt(threshold);
}

function watts(amount: Big, unit: string): Big | undefined {
  const factor = WATTS[unit];
  return factor === undefined ? undefined : amount.times(factor);
}

/** Cuts everything behind the decimal point, as the wheels of a counter do. */
export function wholeText({ value }: DecimalNumber): string {
  return value.round(0, 0).toFixed().replace(/^-0$/, '0');
}
