import { Big } from 'big.js';
import type { DecimalNumber } from '../readings/conversion.ts';

/** A stored number: exactly what the meter told. */
export function decimal(value: number, decimals: number): DecimalNumber {
  return { value: new Big(new Big(value).toFixed(decimals)), decimals };
}
