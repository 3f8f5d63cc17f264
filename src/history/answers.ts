import { Big } from 'big.js';
import { convertUnit } from '../readings/conversion.ts';
import type { Counted, CoursePoint, HistoryQueries, StoredSeries } from './queries.ts';

/** A quantity of the meters that followed each other under one name. */
export interface KeptQuantity {
  readonly quantity: string;
  readonly unit: string;
  readonly decimals: number;
  readonly isTotal: boolean;
  readonly first: number;
  readonly last: number;
}

export interface Bar {
  readonly from: number;
  readonly to: number;
  /** Null: not read in that time. */
  readonly used: number | null;
  /** When the reading was that it is counted from, where that is long before `from` or after it; else null. */
  readonly since: number | null;
}

/** A quantity's beginning counts as read in time when it was no farther from it than this part of the bar. */
export const NEAR = 1 / 10;
/** Readings are hourly, as a rule. */
const NEAR_ENOUGH = 3_600_000;

/** What the history holds, in the unit that the user has chosen now. `unitOf`: the one of a quantity, if there is any. */
export class HistoryAnswers {
  private readonly queries: HistoryQueries;
  private readonly unitOf: (quantity: string) => string | undefined;

  constructor(queries: HistoryQueries, unitOf: (quantity: string) => string | undefined) {
    this.queries = queries;
    this.unitOf = unitOf;
  }

  quantities(name: string): readonly KeptQuantity[] {
    const all = this.queries.series(name);
    return Array.from(new Set(all.map(({ quantity }) => quantity)), (quantity) => this.kept(all, quantity));
  }

  unit(name: string, quantity: string): string {
    return this.ownOf(name, quantity).unit;
  }

  /** Undefined where nothing is kept of it. */
  consumption(name: string, quantity: string, boundaries: readonly number[]): readonly Bar[] | undefined {
    const { own, unit } = this.ownOf(name, quantity);
    if (own.length === 0) return undefined;
    const counted = own.map((series) => this.queries.consumption(series, boundaries));
    return boundaries.slice(1).map((to, index): Bar => {
      const from = boundaries[index] as number;
      const parts = own.flatMap((series, which) => partOf(series, counted[which]?.[index], unit));
      if (parts.length === 0) return { from, to, used: null, since: null };
      const used = parts.reduce((sum, part) => sum.plus(part.used), new Big(0));
      const since = Math.min(...parts.map(({ first }) => first));
      const isInTime = Math.abs(since - from) <= Math.max(NEAR_ENOUGH, (to - from) * NEAR);
      return { from, to, used: used.toNumber(), since: isInTime ? null : since };
    });
  }

  /** Undefined where nothing is kept of it. */
  course(name: string, quantity: string, from: number, to: number): readonly CoursePoint[] | undefined {
    const { own, unit } = this.ownOf(name, quantity);
    if (own.length === 0) return undefined;
    return own
      .flatMap((series) => {
        const shown = (value: number): number =>
          // A mean has a digit more than what it is made of.
          Number(convertUnit(decimal(value, series.decimals + 1), series.unit, unit)?.value ?? value);
        return this.queries
          .course(series, from, to)
          .map(({ at, mean, low, high }) => ({ at, mean: shown(mean), low: shown(low), high: shown(high) }));
      })
      .sort((one, other) => one.at - other.at);
  }

  private kept(all: readonly StoredSeries[], quantity: string): KeptQuantity {
    const { own, unit } = this.chosen(all, quantity);
    const decimals = own.map(
      (series) => convertUnit(decimal(0, series.decimals), series.unit, unit)?.decimals ?? series.decimals,
    );
    return {
      quantity,
      unit,
      decimals: Math.max(...decimals),
      isTotal: own.at(-1)?.isTotal === 1,
      first: Math.min(...own.map(({ beganAt }) => beganAt)),
      last: Math.max(...own.map(({ last }) => last)),
    };
  }

  private ownOf(name: string, quantity: string) {
    return this.chosen(this.queries.series(name), quantity);
  }

  /** Its series that are in this unit, or can be: what cannot be converted is not put beside it. */
  private chosen(all: readonly StoredSeries[], quantity: string) {
    const own = all.filter((series) => series.quantity === quantity);
    const latest = own.at(-1)?.unit ?? '';
    const wanted = this.unitOf(quantity) ?? latest;
    const unit = convertUnit(decimal(0, 0), latest, wanted) === undefined ? latest : wanted;
    return {
      unit,
      own: own.filter((series) => convertUnit(decimal(0, 0), series.unit, unit) !== undefined),
    };
  }
}

function partOf({ unit, decimals }: StoredSeries, counted: Counted, to: string) {
  if (counted === undefined) return [];
  const { first, last } = counted;
  // Exact: each of the two is a decimal of so many digits.
  const value = decimal(last.value, decimals).value.minus(decimal(first.value, decimals).value);
  const converted = convertUnit({ value, decimals }, unit, to);
  return converted === undefined ? [] : [{ used: converted.value, first: first.at }];
}

/** A stored number: exactly what the meter told. */
export function decimal(value: number, decimals: number) {
  return { value: new Big(new Big(value).toFixed(decimals)), decimals };
}
