import { type CountedRow, HOUR, isSame, zeroOf } from './hour-row.ts';
import type { TotalPlan } from './total-plan.ts';

interface CostSituation {
  /** What is paid for, with all that is brought in, ascending, in the unit of its statistic. */
  readonly amounts: readonly CountedRow[];
  /** The same by five minutes, as far as Home Assistant keeps these. */
  readonly moments: readonly CountedRow[];
  /** What Home Assistant has of its cost: by the hour, or by five minutes where there is no hour yet. */
  readonly costs: readonly CountedRow[];
  /** Hours of costs that were brought in earlier. */
  readonly imported: ReadonlySet<number>;
  /** Of one unit of the statistic of what is paid for; undefined where nobody knows it for the past. */
  readonly price: number | undefined;
  readonly last: number;
}

const NOTHING = { rows: [], shift: undefined, replaced: [], leftAlone: [], zero: undefined } as const;
const NO_PRICE =
  'what it cost then is not known; "price" of the meter in the configuration tells it, or a fixed price in the Energy dashboard';
/** A millionth of a coin: what is beyond comes of floating point. */
const MILLION = 1e6;

/**
 * Home Assistant counts costs from the moment on at which it has a price (seen in Core 2026.11). What was used before
 * costs what it costs now; it joins as the total does.
 */
export function planCost({ amounts, moments, costs, imported, price, last }: CostSituation): TotalPlan {
  const [first] = costs;
  const now = first && moments.find(({ start }) => start === first.start);
  const then = first && (amounts.findLast(({ start }) => start <= first.start) ?? now);
  if (first === undefined || then === undefined) return NOTHING;
  const zero = zeroOf(first);
  if (price === undefined || price <= 0) {
    const count = amounts.filter(({ start }) => start < first.start).length;
    return { ...NOTHING, leftAlone: count === 0 ? [] : [{ count, why: NO_PRICE }] };
  }
  // What it stood at when the first cost was counted: both rows end at one moment, be it of an hour or of five minutes.
  const same = then.start === first.start ? then : now;
  const begin = same === undefined ? then.state : same.state - first.sum / price;
  const rows = amounts
    .filter(({ start, state }) => start + HOUR <= first.start && start <= last && state <= begin)
    .map(({ start, state }) => {
      const sum = Math.round((state - begin) * price * MILLION) / MILLION;
      return { start, state: sum + zero, sum };
    });
  const [earliest = first] = rows;
  const isOurs = earliest !== first || imported.has(first.start);
  const needsShift = isOurs && earliest.sum < 0 && !isSame(earliest.sum, 0);
  const shift = needsShift ? { from: earliest.start, by: -earliest.sum } : undefined;
  return {
    ...{ rows, shift, replaced: [], leftAlone: [] },
    zero: { before: zero, after: zero - (shift?.by ?? 0) },
  };
}
