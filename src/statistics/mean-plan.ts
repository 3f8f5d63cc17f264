import { type HourRow, isSame } from './hour-row.ts';

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
  const latest = [hours.at(-1), fiveMinutes.at(-1)].map((row) => row?.start ?? Number.NEGATIVE_INFINITY);
  const end = Math.max(...latest);
  const allowed = points.filter(({ start }) => start <= last && start <= end);
  const rows = allowed.flatMap(({ start, mean }): readonly HourRow[] => {
    const there = own.get(start);
    if (there !== undefined && (!replace || isSame(there.mean ?? 0, mean))) return [];
    // Of the least and the most the meter's log says nothing.
    return [{ start, mean, min: there?.min ?? null, max: there?.max ?? null, state: null, sum: null }];
  });
  return { rows, replaced: rows.flatMap(({ start }) => own.get(start) ?? []) };
}
