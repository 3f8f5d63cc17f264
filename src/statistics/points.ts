import type { Big } from 'big.js';
import type { LoggerName } from '../catalogue/loggers.ts';
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

type WantedValue = (logger: LoggerName, row: LoggedRow) => Omit<Point, 'start'> | undefined;

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
export function pointsOf({ rows, timezone }: LoggedHistory, wanted: WantedValue): readonly Point[] {
  const points = new Map<number, Point>();
  const dated = (logger: LoggerName) =>
    rows(logger).flatMap((row) => {
      const value = row.endedAt === null ? undefined : wanted(logger, row);
      return value === undefined || row.endedAt === null ? [] : [{ endedAt: row.endedAt, value }];
    });
  const fine = [...dated('interval'), ...dated('hour')].sort((one, other) => one.endedAt - other.endedAt);
  const days = new Set<string>();
  for (const { endedAt, value } of fine) {
    const start = hourBefore(endedAt);
    points.set(start, { start, ...value });
    days.add(localDate(start, timezone));
  }
  const coarse = [dated('day'), dated('month'), dated('year')];
  const coarsest = fine.length > 0 ? coarse[0] : coarse.find((each) => each.length > 0);
  for (const { endedAt, value } of coarsest ?? []) {
    const start = hourBefore(midnightAt(endedAt, timezone));
    if (!days.has(localDate(start, timezone))) points.set(start, { start, ...value });
  }
  return [...points.values()].sort((one, other) => one.start - other.start);
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
