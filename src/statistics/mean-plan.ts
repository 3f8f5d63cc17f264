import { HOUR, type HourRow, isSame } from './hour-row.ts';

/** The mean of an hour, or of the day that it ends, in the unit of its statistic. */
export interface MeanPoint {
  readonly start: number;
  readonly mean: number;
}

export interface MeanPlan {
  /** To be written, ascending. */
  readonly rows: readonly HourRow[];
  /** The rows of Home Assistant's own in whose place others come. */
  readonly replaced: readonly HourRow[];
}

interface MeanSituation {
  /** Both ascending. */
  readonly hours: readonly HourRow[];
  readonly fiveMinutes: readonly Pick<HourRow, 'start'>[];
  readonly points: readonly MeanPoint[];
  /** The last hour that may be written. */
  readonly last: number;
  readonly replace: boolean;
}

/** Means join to nothing: they come into every hour that has none, up to where the recorder goes on. */
export function planMeans({ hours, fiveMinutes, points, last, replace }: MeanSituation): MeanPlan {
  const own = new Map(hours.filter(({ mean }) => mean !== null).map((row) => [row.start, row]));
  const moment = fiveMinutes.at(-1)?.start ?? 0;
  // Whatever the clock here says: not an hour that the recorder has yet to compile.
  const compiled = Math.max(hours.at(-1)?.start ?? 0, moment - (moment % HOUR) - HOUR);
  const allowed = points.filter(({ start }) => start <= Math.min(last, compiled));
  const rows = allowed.flatMap(({ start, mean }): readonly HourRow[] => {
    const there = own.get(start);
    if (there !== undefined && (!replace || isSame(there.mean ?? 0, mean))) return [];
    // Of the least and the most the meter's log says nothing.
    return [{ start, mean, min: there?.min ?? null, max: there?.max ?? null, state: null, sum: null }];
  });
  return { rows, replaced: rows.flatMap(({ start }) => own.get(start) ?? []) };
}
