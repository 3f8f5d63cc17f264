import { DERIVED_QUANTITY_NAMES } from '../catalogue/derived-quantities.ts';
import { registerInfo } from '../catalogue/registers.ts';
import type { Reading } from '../readings/reading.ts';
import { canBeMade } from './latest-values.ts';

/** The part of a meter that decides which values may still come. */
interface AwaitingMeter {
  readonly latest: readonly Reading[];
  /** Quantities that its stages do not make any more. */
  readonly withdrawn: readonly string[];
}

/** Quantities without a value that may still come from the registers `asked`, by themselves or as what follows from them. */
export function awaitedQuantities(
  asked: ReadonlySet<number>,
  { latest, withdrawn }: AwaitingMeter,
): ReadonlySet<string> {
  const known = new Set([...latest.map(({ quantity }) => quantity), ...withdrawn]);
  const direct = Array.from(asked, (id) => registerInfo(id).quantity);
  const derived = DERIVED_QUANTITY_NAMES.filter((quantity) => canBeMade(quantity, (id) => asked.has(id)));
  return new Set([...direct, ...derived].filter((quantity) => !known.has(quantity)));
}
