import { DERIVED_QUANTITY_NAMES, derivedQuantity } from '../catalogue/derived-quantities.ts';
import { R } from '../catalogue/register.ts';
import { registerInfo } from '../catalogue/registers.ts';
import type { Reading } from '../readings/reading.ts';

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
  const derived = DERIVED_QUANTITY_NAMES.filter((quantity) => {
    const from = derivedQuantity(quantity)?.from ?? [];
    if (from.length > 0) return from.some((registers) => registers.every((id) => asked.has(id)));
    // What the meter complains about is known as a whole.
    return !known.has('info') && (asked.has(R.infoCode) || asked.has(R.infoBits));
  });
  return new Set([...direct, ...derived].filter((quantity) => !known.has(quantity)));
}
