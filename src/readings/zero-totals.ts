import { derivedQuantity } from '../catalogue/derived-quantities.ts';
import { traitsOf } from '../catalogue/quantities.ts';
import { fieldsOf, membersOf } from '../shared/stored.ts';
import { ContinuedCounter } from './continued-counter.ts';
import { lastDigitOf } from './counting-rate.ts';
import { derivedReading, type Stage } from './pipeline.ts';
import { isNumber, type NumberReading, numberIn, type Reading } from './reading.ts';

const COUNTS_ITSELF = 'The total counts itself.';

/**
 * A total of an electricity meter may stand at zero while its high-resolution register counts: the meter does not use
 * it (a 382J, as mushorg/conpot has it, shows zero kWh in register 1 and 7183.2712 in 13). Such a total is no total: it
 * becomes unknown, and what counts is counted on as a quantity of its own, through the moments at which it begins anew.
 * It is another quantity, because nobody knows how often that was before.
 */
export function zeroTotalsStage(remembered?: unknown): Stage {
  const counters = new Map(
    Object.entries(membersOf(remembered, (stored) => ContinuedCounter.restore(fieldsOf(stored)))),
  );

  function interpret(
    total: NumberReading,
    fine: NumberReading | undefined,
    all: readonly Reading[],
  ): Reading[] {
    const quantity = countedQuantity(total);
    const isPublished = derivedQuantity(quantity) !== undefined;
    if (!isUnused(total, fine, counters.has(quantity))) {
      const wasCounted = !total.value.value.eq(0) && counters.delete(quantity);
      return wasCounted && isPublished
        ? [total, unknown(derivedReading(quantity, total), COUNTS_ITSELF)]
        : [total];
    }
    const { highResolution } = traitsOf(total.quantity);
    const cause = `register ${total.register} stands at zero while register ${highResolution} counts`;
    const zero = unknown(total, cause);
    if (fine === undefined) return [zero];
    const counter = counters.get(quantity) ?? new ContinuedCounter();
    counters.set(quantity, counter);
    const value = counter.count(fine, all);
    if (value === undefined || !isPublished) return [zero];
    return [zero, derivedReading(quantity, { ...fine, value: { kind: 'number', ...value } })];
  }

  return {
    interpret: (readings) =>
      readings.flatMap((reading) => {
        const { highResolution } = traitsOf(reading.quantity);
        if (highResolution === undefined || !isNumber(reading)) return [reading];
        return interpret(reading, numberIn(readings, highResolution), readings);
      }),
    toRemember: () =>
      counters.size === 0
        ? undefined
        : Object.fromEntries(Array.from(counters, ([quantity, counter]) => [quantity, counter.toRemember()])),
  };
}

function countedQuantity({ quantity }: Reading): string {
  return `${quantity}_counted`;
}

/** A total shows nothing of its last digit yet, and lags behind by a reading of it. */
const LAST_DIGITS_AHEAD = 10;

/** Once the register has counted more than it may be ahead of the total, and for as long as that stays at zero. */
function isUnused(total: NumberReading, fine: NumberReading | undefined, wasUnused: boolean): boolean {
  if (!total.value.value.eq(0)) return false;
  if (wasUnused) return true;
  const ahead = lastDigitOf(total).times(LAST_DIGITS_AHEAD);
  return fine !== undefined && total.unit === fine.unit && fine.value.value.gte(ahead);
}

function unknown(reading: Reading, cause: string): Reading {
  const decimals = reading.value.kind === 'number' ? reading.value.decimals : 0;
  return { ...reading, value: { kind: 'unknown', value: null, decimals, cause } };
}
