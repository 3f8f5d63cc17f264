import { Big } from 'big.js';
import { unitRatio } from '../src/catalogue/units.ts';
import type { Held } from './truth.ts';

/** More digits than any register has. */
const Precise = Big();
Precise.DP = 60;

/**
 * Whether a published text is what was held. In the meter's own unit to the character; in another one to the last digit
 * that was published, with a ratio that is computed here and not by the bridge's own conversion.
 */
export function agrees(text: string, unit: string, { text: truth, reading }: Held): boolean {
  if (truth === null) return false;
  if (unit === reading.unit) return text === truth;
  if (reading.value.kind !== 'number' || !isDecimal(text)) return false;
  const ratio = unitRatio(reading.unit, unit);
  if (ratio === undefined) return false;
  const exact = new Precise(truth).times(ratio[0]).div(ratio[1]);
  return new Precise(text).minus(exact).abs().lte(halfOfLastDigit(text));
}

/**
 * The same, for a number that has been through floating point. `isConverted`: it was rounded to another unit before, to
 * less than the meter's own last digit.
 */
export function agreesAsFloat(
  value: number,
  expected: number,
  { text }: Held,
  isConverted: boolean,
): boolean {
  const digit = 10 ** -(text?.split('.')[1]?.length ?? 0);
  // The meter's own last digit, in the unit of what is expected.
  const lastDigit = isConverted && Number(text) !== 0 ? Math.abs((expected / Number(text)) * digit) : 0;
  return Math.abs(value - expected) <= Math.abs(expected) * 1e-12 + lastDigit;
}

/**
 * Whether a whole number is what was held: cut after its last full unit, or rounded where the conversion has no end.
 * `isConverted`: it was rounded to another unit before, to less than the meter's own last digit.
 */
export function agreesAsCount(text: string, unit: string, held: Held, isConverted: boolean): boolean {
  const { text: truth, reading } = held;
  if (truth === null || !/^-?\d+$/.test(text)) return false;
  const ratio = unitRatio(reading.unit, unit);
  // What has no such unit goes as it is.
  if (ratio === undefined) return new Precise(truth).round(0, 0).eq(text);
  const exact = new Precise(truth).times(ratio[0]).div(ratio[1]);
  const lastDigit = new Precise(`1e-${truth.split('.')[1]?.length ?? 0}`).times(ratio[0]).div(ratio[1]);
  return (
    exact.round(0, 0).eq(text) ||
    exact
      .minus(text)
      .abs()
      .lte(isConverted ? lastDigit : '0.5')
  );
}

export function isDecimal(text: string): boolean {
  return /^-?\d+(\.\d+)?$/.test(text);
}

function halfOfLastDigit(text: string): Big {
  const decimals = text.split('.')[1]?.length ?? 0;
  return new Precise(`0.5e-${decimals}`).plus(`1e-${decimals + 9}`);
}

/** A flat JSON object as texts: a number keeps its digits. Null is left out. */
export function flatJson(
  json: string,
): ReadonlyMap<string, { readonly text: string; readonly isText: boolean }> {
  const found = new Map<string, { text: string; isText: boolean }>();
  const pair =
    /"((?:[^"\\]|\\.)*)"\s*:\s*(?:"((?:[^"\\]|\\.)*)"|(-?\d[\d.eE+-]*|true|false|null)|(\{[^{}]*\}))/g;
  for (const [, key = '', text, bare, inner] of json.matchAll(pair)) {
    if (inner !== undefined || bare === 'null') continue;
    found.set(key, { text: text ?? bare ?? '', isText: text !== undefined });
  }
  return found;
}
