import type { Big } from 'big.js';
import { type LoggerName, loggersThatShow } from '../catalogue/loggers.ts';
import type { LoggedRow } from '../loggers/logged-row.ts';
import { localDate, momentOf } from '../shared/zoned-time.ts';
import { HOUR } from './hour-row.ts';

const DAY = 24 * HOUR;

/** What a meter wrote down itself, of one meter. */
export interface LoggedHistory {
  readonly serialNumber: string;
  readonly name: string;
  /** Where the meter is: an IANA name, or empty for the system's. */
  readonly timezone: string;
  readonly rows: (logger: LoggerName) => readonly LoggedRow[];
}

/** A logged value, laid on an hour of Home Assistant's. */
export interface Point {
  /** At which that hour begins. */
  readonly start: number;
  readonly value: Big;
  /** The meter's symbol. */
  readonly unit: string;
  readonly decimals: number;
}

/** A row of a log, laid on an hour. */
interface PlacedRow {
  readonly row: LoggedRow;
  readonly start: number;
  /** The local day of that hour. */
  readonly date: string;
}

/** All rows of a log whose moment is known: the finer ones by the hour, those of days and more by the day. */
export interface PlacedLog {
  readonly fine: readonly PlacedRow[];
  /** The finest first. */
  readonly coarse: readonly (readonly PlacedRow[])[];
}

export type WantedValue = (row: LoggedRow) => Omit<Point, 'start'> | undefined;

export function placedLog({ rows, timezone }: LoggedHistory): PlacedLog {
  const placed = (logger: LoggerName, startOf: (endedAt: number) => number): readonly PlacedRow[] =>
    rows(logger).flatMap((row) => {
      if (row.endedAt === null) return [];
      const start = startOf(row.endedAt);
      return [{ row, start, date: localDate(start, timezone) }];
    });
  return {
    fine: loggersThatShow('hours')
      .flatMap((logger) => placed(logger, hourBefore))
      .sort(byTime),
    coarse: loggersThatShow('days').map((logger) =>
      placed(logger, (endedAt) => hourBefore(midnightAt(endedAt, timezone))).toSorted(byTime),
    ),
  };
}

/**
 * Values by the hour as far back as the meter has hours, before that by the day, ascending:
 *
 *     hour log                       ... 21:00 22:00 23:00 00:00 01:00
 *     day log     00:00   00:00   00:00               (where there is no hour of that day)
 *
 * A day's end lies on the last hour of that day, also where the meter's midnight is not ours: bars of days are right then,
 * and those of its hours are not told. Coarser logs would make one bar of a whole month, so they count for a meter without
 * days alone.
 */
export function pointsOf({ fine, coarse }: PlacedLog, wanted: WantedValue): readonly Point[] {
  const points = new Map<number, Point>();
  const dates = new Set<string>();
  for (const { row, start, date } of fine) {
    const value = wanted(row);
    if (value === undefined) continue;
    points.set(start, { start, ...value });
    dates.add(date);
  }
  const told = coarse.map((rows) =>
    rows.flatMap(({ row, start, date }) => {
      const value = wanted(row);
      return value === undefined ? [] : [{ date, point: { start, ...value } }];
    }),
  );
  const coarsest = points.size > 0 ? told[0] : told.find((each) => each.length > 0);
  for (const { date, point } of coarsest ?? []) if (!dates.has(date)) points.set(point.start, point);
  return [...points.values()].sort(byTime);
}

function byTime(one: { readonly start: number }, other: { readonly start: number }): number {
  return one.start - other.start;
}

/** The beginning of the hour in which a period that ended then has its last moment. */
function hourBefore(endedAt: number): number {
  return Math.floor((endedAt - 1) / HOUR) * HOUR;
}

/** The nearest: a meter that keeps winter time all year ends its days an hour late in summer. */
function midnightAt(endedAt: number, timezone: string): number {
  const midnights = [endedAt - DAY / 2, endedAt + DAY / 2].map((moment) =>
    momentOf(`${localDate(moment, timezone)}T00:00:00`, timezone),
  );
  const [before = endedAt, after = endedAt] = midnights;
  return endedAt - before <= after - endedAt ? before : after;
}
