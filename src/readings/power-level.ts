import { Big } from 'big.js';
import type { Reading } from './reading.ts';

/** An exact amount and its unit (W, kW, MW), as a person wrote it. */
export interface PowerLevel {
  readonly amount: string;
  readonly unit: string;
}

const WATTS: Readonly<Record<string, string>> = { W: '1', kW: '1000', MW: '1000000', GW: '1000000000' };
/** Of heat, and of electricity. */
const QUANTITIES: readonly string[] = ['power', 'power_import'];

/** Undefined where the readings hold no power that can be believed. */
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
