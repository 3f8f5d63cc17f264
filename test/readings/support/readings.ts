import { Big } from 'big.js';
import { registerInfo } from '../../../src/catalogue/registers.ts';
import type { RegisterValue } from '../../../src/kmp/register.ts';
import type { Reading, ReadingValue } from '../../../src/readings/reading.ts';

export const HOUR = 3_600_000;
/** A moment that readings count from. */
export const NOON = Date.UTC(2026, 0, 15, 12);

/** What a meter showed in `register`, `hours` after noon. */
export function reading(register: number, value: ReadingValue, unit: string, hours = 0): Reading {
  const { quantity, label, nature } = registerInfo(register);
  return { quantity, label, nature, register, value, unit, readAt: NOON + hours * HOUR };
}

/** A number with the decimals that it is written with. */
export function number(text: string): RegisterValue {
  return { kind: 'number', value: new Big(text), decimals: text.split('.')[1]?.length ?? 0 };
}

/** Heat energy in GJ with three decimals. */
export function energy(text: string, hours = 0): Reading {
  return reading(60, number(text), 'GJ', hours);
}

export function operatingHours(text: string, hours = 0): Reading {
  return reading(1004, number(text), 'h', hours);
}
