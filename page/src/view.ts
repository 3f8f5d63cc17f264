import { startOf, type Unit } from './zone.ts';

/** The stretch of time that the history shows. */
export interface View {
  readonly from: number;
  readonly to: number;
}

/** What a person calls it: its bars are hours, days, months and years. */
export type Period = 'day' | 'month' | 'year' | 'all';

const DAY = 86_400_000;
/** Up to so long, such bars. */
const BARS: readonly (readonly [longest: number, by: Unit])[] = [
  [2.5 * DAY, 'hour'],
  [93 * DAY, 'day'],
  [6 * 366 * DAY, 'month'],
];
const NARROWEST = 3_600_000;

export function barsOf({ from, to }: View, period?: Period): Unit {
  if (period === 'all') return 'year';
  return BARS.find(([longest]) => to - from <= longest)?.[1] ?? 'year';
}

export function viewOf(period: Period, time: number, zone: string, first: number, now: number): View {
  if (period === 'all') return { from: startOf('year', first, zone), to: startOf('year', now, zone, 1) };
  return { from: startOf(period, time, zone), to: startOf(period, time, zone, 1) };
}

/** The one before, or after. */
export function shifted(view: View, period: Period | undefined, by: -1 | 1, zone: string): View {
  if (period === undefined || period === 'all') {
    const span = view.to - view.from;
    return { from: view.from + by * span, to: view.to + by * span };
  }
  return { from: startOf(period, view.from, zone, by), to: startOf(period, view.from, zone, by + 1) };
}

/** `factor` 0.5: half as much of it. `at`: what stays in its place, from 0 (its begin) to 1. */
export function zoomed({ from, to }: View, factor: number, at = 0.5): View {
  const span = Math.max(NARROWEST, (to - from) * factor);
  const fixed = from + (to - from) * at;
  return { from: Math.round(fixed - span * at), to: Math.round(fixed + span * (1 - at)) };
}

/** As far as its bars reach, which are whole ones. */
export function wholeBars({ from, to }: View, by: Unit, zone: string): View {
  return { from: startOf(by, from, zone), to: startOf(by, to - 1, zone, 1) };
}

/** Points with an empty one where nothing was read for long, so that no line is drawn across. */
export function withGaps<T extends { readonly at: number }>(
  points: readonly T[],
): readonly (T | { at: number; gap: true })[] {
  const steps = stepsOf(points);
  const longest = longestStep(points);
  return points.flatMap((point, index) => {
    const step = steps[index - 1] ?? 0;
    return step > longest ? [{ at: point.at - step / 2, gap: true as const }, point] : [point];
  });
}

/** Between two of the points a line is drawn; beyond it nothing is known. */
export function longestStep(points: readonly { readonly at: number }[]): number {
  const steps = stepsOf(points).toSorted((a, b) => a - b);
  return (steps[Math.floor(steps.length / 2)] ?? 0) * 4;
}

function stepsOf(points: readonly { readonly at: number }[]): number[] {
  return points.slice(1).map(({ at }, index) => at - (points[index]?.at ?? at));
}
