import { describeValue } from './describe-value.ts';
import { readWholeNumber } from './general-kinds.ts';
import type { ValueKind } from './value-kind.ts';

const SECOND = 1000;
const MILLISECONDS: Readonly<Record<string, number>> = { s: SECOND, min: 60 * SECOND, h: 3600 * SECOND };
/** A reading takes a second or two, and the next one may need three tries. */
const SHORTEST_INTERVAL = 10 * SECOND;
const LONGEST_INTERVAL = 24 * 3600 * SECOND;

/** An amount just as it is written: exact, whatever it is compared with. */
export interface WrittenPower {
  readonly amount: string;
  readonly unit: 'W' | 'kW' | 'MW';
}

/** `2 kW`; undefined for anything else. */
export function writtenPower(text: string): WrittenPower | undefined {
  const [, amount, unit] = /^\s*(\d+(?:\.\d+)?)\s*(W|kW|MW)\s*$/.exec(text) ?? [];
  return amount === undefined ? undefined : { amount, unit: unit as WrittenPower['unit'] };
}

/** `5 min` in milliseconds; undefined for anything else. */
export function writtenInterval(text: string): number | undefined {
  const [, amount, unit] = /^\s*(\d+(?:\.\d+)?)\s*(s|min|h)\s*$/.exec(text) ?? [];
  const factor = MILLISECONDS[unit ?? ''];
  return factor === undefined ? undefined : Number(amount) * factor;
}

export const power: ValueKind = {
  read: (text) => text.trim(),
  fault: (value) =>
    value === null || (typeof value === 'string' && writtenPower(value) !== undefined)
      ? null
      : `must be a power with its unit (W, kW or MW), such as "2 kW", or null for no burst, not ${describeValue(value)}`,
};

export const interval: ValueKind = {
  read: (text) => text.trim(),
  fault: (value) => {
    const time = typeof value === 'string' ? writtenInterval(value) : undefined;
    const fits = time !== undefined && time >= SHORTEST_INTERVAL && time <= LONGEST_INTERVAL;
    return value === null || fits
      ? null
      : `must be a time with its unit (s, min or h) from 10 s to 24 h, such as "5 min", or null for no burst, not ${describeValue(value)}`;
  },
};

export const readingsADay: ValueKind = {
  read: readWholeNumber,
  fault: (value) =>
    value === null || (typeof value === 'number' && Number.isInteger(value) && value >= 1)
      ? null
      : `must be a whole number of readings from 1 on, or null for no limit, not ${describeValue(value)}`,
};
