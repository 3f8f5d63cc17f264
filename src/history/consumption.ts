import { convertUnit } from '../readings/conversion.ts';
import { decimal } from './decimal.ts';
import type { TotalAt } from './logged-totals.ts';
import type { HistoryQueries, StoredSeries, Total } from './queries.ts';
import { HOUR } from './store.ts';

/** A total of a series, or one that its meter wrote down. */
export interface Told extends TotalAt {
  readonly isLogged: boolean;
}

/** Two totals whose difference was used between two boundaries; undefined: nobody knows. */
export type Counted = { readonly first: Told; readonly last: Told } | undefined;

/** A series, and the time in which what its meter wrote down goes on with it. */
export interface Stretch {
  readonly series: StoredSeries;
  readonly from: number;
  readonly to: number;
}

/** A total counts as told in time when it was no farther from the boundary than this part of the bar. */
export const NEAR = 1 / 10;
/** A reading of so long (ms) after a boundary may stand for it, if it is nearer than the one before. */
const LONGEST_AFTER = 12 * HOUR;

/**
 * What a total has counted between each two of these moments, which are in order. The reading that is nearest to a moment
 * stands for it; where none is near, what the meter wrote down then; where it did not either, the last that is known. One
 * total stands for the end of a bar and the beginning of the next, so that nothing is counted twice. What was counted while
 * nobody looked belongs to the bar in which it was seen.
 */
export function countedBetween(
  queries: HistoryQueries,
  stretch: Stretch,
  boundaries: readonly number[],
): readonly Counted[] {
  const began = beginningOf(queries, stretch);
  const totals = boundaries.map((moment, index) =>
    totalAt(queries, stretch, moment, Math.min(...spansBeside(boundaries, index))),
  );
  return boundaries.slice(1).map((to, index): Counted => {
    const from = boundaries[index] as number;
    const last = totals[index + 1];
    const first = totals[index] ?? (began.at >= from && began.at < to ? began : undefined);
    if (first === undefined || last === undefined || last.at <= first.at || !isNotMore(first, last))
      return undefined;
    // Rows of a log of months tell nothing of the last day of each.
    const isOfLongerTime = first.isLogged && last.isLogged && first.at < from - (to - from) * NEAR;
    return isOfLongerTime ? undefined : { first, last };
  });
}

/** The one that stands for a moment that ends or begins so long (ms) a bar. */
export function totalAt(
  queries: HistoryQueries,
  stretch: Stretch,
  moment: number,
  length: number,
): Told | undefined {
  const { series } = stretch;
  const { meter, quantity } = series;
  const found = queries.totalAt(series, moment, Math.min(length / 2, LONGEST_AFTER));
  const told = found && read(series, found);
  const near = length * NEAR;
  if (told !== undefined && Math.abs(told.at - moment) <= near) return told;
  const before = queries.logged.lastUntil(meter, quantity, moment);
  const after = before?.at === moment ? undefined : queries.logged.firstFrom(meter, quantity, moment);
  const then = fitting(queries, stretch, nearest(moment, near, before, after));
  if (then !== undefined) return then;
  const last = fitting(queries, stretch, before);
  return last !== undefined && (told === undefined || last.at > told.at) ? last : told;
}

/** Of those that are not farther from this moment than so long (ms). */
function nearest(moment: number, most: number, ...totals: readonly (TotalAt | undefined)[]) {
  const distance = (total: TotalAt): number => Math.abs(total.at - moment);
  return totals
    .filter((total) => total !== undefined)
    .filter((total) => distance(total) <= most)
    .toSorted((one, other) => distance(one) - distance(other))[0];
}

/**
 * Of the series of one quantity, in their order: what a meter wrote down before it took another's place, and after it went,
 * is none of it, and what it wrote down between two series of its own belongs to the later one.
 */
export function stretchesOf(own: readonly StoredSeries[]): readonly Stretch[] {
  return own.map((series, index) => {
    const { meter, beganAt, last } = series;
    const [former, next] = [own[index - 1], own[index + 1]];
    const isFollower = former !== undefined && former.meter !== meter;
    const from = isFollower ? beganAt : Math.max(0, ...own.slice(0, index).map((each) => each.last));
    const to = next?.meter === meter ? last : (next?.beganAt ?? Number.POSITIVE_INFINITY);
    return { series, from, to };
  });
}

function beginningOf(queries: HistoryQueries, stretch: Stretch): Told {
  const { series, from } = stretch;
  const { meter, quantity, beganAt, beganWith } = series;
  const logged = fitting(queries, stretch, queries.logged.firstFrom(meter, quantity, from));
  return logged !== undefined && logged.at < beganAt
    ? logged
    : read(series, { at: beganAt, value: beganWith });
}

/** What was written down, if the readings around it agree: a total is never less than before, nor more than after. */
function fitting(
  queries: HistoryQueries,
  { series, from, to }: Stretch,
  logged: TotalAt | undefined,
): Told | undefined {
  if (logged === undefined || logged.at < from || logged.at > to) return undefined;
  const total = { ...logged, isLogged: true };
  const before = queries.lastBefore(series, total.at);
  const after = queries.firstFrom(series, total.at, series.last);
  const isTrue =
    (before === undefined || isNotMore(read(series, before), total)) &&
    (after === undefined || isNotMore(total, read(series, after)));
  return isTrue ? total : undefined;
}

function read({ unit, decimals }: StoredSeries, { at, value }: Total): Told {
  return { ...decimal(value, decimals), at, unit, isLogged: false };
}

/** False also where the two cannot be compared. */
function isNotMore(one: TotalAt, other: TotalAt): boolean {
  return convertUnit(one, one.unit, other.unit)?.value.lte(other.value) === true;
}

/** Milliseconds of the bars that end and begin there. */
function spansBeside(boundaries: readonly number[], index: number): readonly number[] {
  const here = boundaries[index] as number;
  return [boundaries[index - 1], boundaries[index + 1]].flatMap((other) =>
    other === undefined ? [] : Math.abs(other - here),
  );
}
