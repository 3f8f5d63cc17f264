import { Big } from 'big.js';
import { totalOfFine } from '../catalogue/derived-quantities.ts';
import { convertUnit } from '../readings/conversion.ts';
import { type Counted, countedBetween, NEAR, stretchesOf } from './consumption.ts';
import { decimal } from './decimal.ts';
import type { CoursePoint, HistoryQueries, StoredSeries } from './queries.ts';

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
  /** Null: nobody knows. */
  readonly used: number | null;
  /** When the total was told that it is counted from, where that is long before `from` or after it; else null. */
  readonly since: number | null;
  /** `log`: one of its ends at least is what the meter wrote down itself. Null where `used` is. */
  readonly source: 'reading' | 'log' | null;
}

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

  /**
   * Undefined where nothing is kept of it. A meter writes its totals down without the digits of fine ones: where it was not
   * read at both ends of a bar, the total tells what the fine one cannot.
   */
  consumption(name: string, quantity: string, boundaries: readonly number[]): readonly Bar[] | undefined {
    const { own, unit } = this.ownOf(name, quantity);
    if (own.length === 0) return undefined;
    const bars = this.bars(own, unit, boundaries);
    const total = totalOfFine(quantity);
    if (total === undefined || bars.every(({ isWhole }) => isWhole)) return bars.map(({ bar }) => bar);
    const others = this.bars(this.ownOf(name, total).own, unit, boundaries);
    return bars.map(({ bar, isWhole }, index) => {
      const other = others[index]?.bar;
      return !isWhole && other?.source === 'log' ? other : bar;
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

  private bars(
    own: readonly StoredSeries[],
    unit: string,
    boundaries: readonly number[],
  ): readonly WholeBar[] {
    const counted = stretchesOf(own).map((stretch) => countedBetween(this.queries, stretch, boundaries));
    return boundaries.slice(1).map((to, index) => {
      const from = boundaries[index] as number;
      return barOf(
        from,
        to,
        counted.flatMap((each) => partOf(each[index], unit)),
      );
    });
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
      first: Math.min(...own.map(({ beganAt }) => beganAt), ...this.firstLogged(own[0])),
      last: Math.max(...own.map(({ last }) => last)),
    };
  }

  /** Before the first reading. */
  private firstLogged(series: StoredSeries | undefined): readonly number[] {
    if (series === undefined) return [];
    const { meter, quantity } = series;
    const first = this.queries.logged.firstFrom(meter, totalOfFine(quantity) ?? quantity, 0);
    return first === undefined ? [] : [first.at];
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

interface Part {
  readonly used: Big;
  readonly first: number;
  readonly last: number;
  readonly isLogged: boolean;
}

function partOf(counted: Counted, unit: string): readonly Part[] {
  if (counted === undefined) return [];
  const { first, last } = counted;
  const from = convertUnit(first, first.unit, last.unit);
  if (from === undefined) return [];
  // Exact: each of the two is a decimal of so many digits.
  const value = last.value.minus(from.value);
  const used = convertUnit(
    { value, decimals: Math.max(from.decimals, last.decimals) },
    last.unit,
    unit,
  )?.value;
  const isLogged = first.isLogged || last.isLogged;
  return used === undefined ? [] : [{ used, first: first.at, last: last.at, isLogged }];
}

/** `isWhole`: told in time at both ends. */
interface WholeBar {
  readonly bar: Bar;
  readonly isWhole: boolean;
}

function barOf(from: number, to: number, parts: readonly Part[]): WholeBar {
  if (parts.length === 0) return { bar: { from, to, used: null, since: null, source: null }, isWhole: false };
  const since = Math.min(...parts.map(({ first }) => first));
  const until = Math.max(...parts.map(({ last }) => last));
  const near = Math.max(NEAR_ENOUGH, (to - from) * NEAR);
  const isInTime = Math.abs(since - from) <= near;
  return {
    bar: {
      from,
      to,
      used: parts.reduce((sum, part) => sum.plus(part.used), new Big(0)).toNumber(),
      since: isInTime ? null : since,
      source: parts.some(({ isLogged }) => isLogged) ? 'log' : 'reading',
    },
    isWhole: isInTime && Math.abs(until - to) <= near,
  };
}
