import { CONVERTIBLE_UNITS } from '../shared/unit-families.ts';
import { describeValue } from './describe-value.ts';
import { nearest } from './nearest.ts';
import type { ValueKind } from './value-kind.ts';

/** How units are written on keyboards without ³. */
const SPELLINGS: ReadonlyMap<string, string> = new Map([
  ['m3', 'm³'],
  ['m3/h', 'm³/h'],
  ['L', 'l'],
  ['L/h', 'l/h'],
]);
const MOST_GAS = 100;

/** Quantity to unit, as pairs: convict would look for keys of its own in an object. Empty for none. */
type UnitPairs = readonly (readonly [quantity: string, unit: unknown])[] | '';

/**
 * `{"heat_energy": "kWh"}`, as text `heat_energy=kWh, volume=l`. `quantities`: all that there are; they belong to another
 * layer, so they are handed in.
 */
export function wantedUnits(quantities: readonly string[]): ValueKind {
  return {
    read: (text) => text.split(',').map((pair) => pair.split('=').map((side) => side.trim())),
    fromObject: (value) => Object.entries(value),
    fault: (value) => {
      const pairs = isObject(value) ? Object.entries(value) : value;
      if (pairs === '') return null;
      if (!isPairs(pairs)) {
        return `must name a unit for each quantity, such as {"heat_energy": "kWh"} (in an environment variable "heat_energy=kWh, volume=l"), not ${describeValue(value)}`;
      }
      const faults = pairs.map(([quantity, unit]) => faultOf(quantity, unit, quantities));
      return faults.filter((fault) => fault !== null).join('; ') || null;
    },
  };
}

/** The pairs that `wantedUnits` found no fault with. */
export function unitsOf(pairs: unknown): Readonly<Record<string, string>> {
  const checked = (pairs || []) as Exclude<UnitPairs, ''>;
  return Object.fromEntries(checked.map(([quantity, unit]) => [quantity, spelt(String(unit))]));
}

/** m³ of gas for a GJ; 0 for none. */
export const gasPerGigaJoule: ValueKind = {
  read: (text) => (/^\s*\d+(\.\d+)?\s*$/.test(text) ? Number(text) : text),
  fault: (value) =>
    typeof value === 'number' && value >= 0 && value <= MOST_GAS
      ? null
      : `must be the m³ of gas that stand for a GJ, such as 31.6, at most ${MOST_GAS}, or 0 for none, not ${describeValue(value)}`,
};

function faultOf(quantity: string, unit: unknown, quantities: readonly string[]): string | null {
  if (quantities.length > 0 && !quantities.includes(quantity) && !/^register_\d{1,5}$/.test(quantity)) {
    const close = nearest(quantity, quantities);
    const hint = close === null ? 'docs/topics.md names them' : `did you mean "${close}"?`;
    return `${describeValue(quantity)} is no quantity; ${hint}`;
  }
  if (typeof unit === 'string' && CONVERTIBLE_UNITS.includes(spelt(unit))) return null;
  return `the unit of ${describeValue(quantity)} must be one of ${CONVERTIBLE_UNITS.join(', ')}, not ${describeValue(unit)}`;
}

function spelt(unit: string): string {
  return SPELLINGS.get(unit) ?? unit;
}

function isPairs(value: unknown): value is Exclude<UnitPairs, ''> {
  return (
    Array.isArray(value) &&
    value.every((pair) => Array.isArray(pair) && pair.length === 2 && typeof pair[0] === 'string')
  );
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
