import { derivedQuantity } from './derived-quantities.ts';
import type { Reading } from './reading.ts';

/** A reading of a quantity that is in no register. */
export function derivedReading(
  quantity: string,
  { value, unit, readAt }: Pick<Reading, 'value' | 'unit' | 'readAt'>,
): Reading {
  const { label, nature } = derivedQuantity(quantity) ?? missing(quantity);
  return { quantity, label, nature, register: null, value, unit, readAt };
}

function missing(quantity: string): never {
  throw new Error(`${quantity} has no row among the derived quantities`);
}
