import type { Database, Statement } from './database.ts';
import { LoggedTotals } from './logged-totals.ts';
import { HOUR } from './store.ts';

/** What may be compared: see `schema.ts`. */
export interface StoredSeries {
  readonly id: number;
  readonly meter: number;
  readonly quantity: string;
  readonly unit: string;
  readonly decimals: number;
  /** 1 for a total. */
  readonly isTotal: number;
  readonly beganAt: number;
  readonly beganWith: number;
  readonly summedUntil: number;
  /** When its newest value was read. */
  readonly last: number;
}

/** A total as it was read. */
export interface Total {
  readonly at: number;
  readonly value: number;
}

/** Milliseconds since 1970, and values in the series' unit. */
export interface CoursePoint {
  readonly at: number;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** As many points as a wide screen shows. */
const MOST_POINTS = 1_500;

/** Answers of the history about what this program read. Nothing here writes. */
export class HistoryQueries {
  /** What the meters wrote down themselves. */
  readonly logged: LoggedTotals;
  private readonly statements: Readonly<Record<keyof typeof SQL, Statement>>;

  constructor(database: Database) {
    this.statements = Object.fromEntries(
      Object.entries(SQL).map(([name, sql]) => [name, database.prepare(sql)]),
    ) as typeof this.statements;
    this.logged = new LoggedTotals(database);
  }

  /** Of all meters that were called so, in the order in which they began. */
  series(name: string): readonly StoredSeries[] {
    return this.statements.series.all(name) as readonly StoredSeries[];
  }

  /** The one that goes on; undefined where nothing is kept of it. */
  latest(serialNumber: string, quantity: string): StoredSeries | undefined {
    return this.statements.latest.get(serialNumber, quantity) as StoredSeries | undefined;
  }

  /** The course from `from` to before `to`: each reading where they are few enough, else means of hours and more. */
  course({ id, meter, beganAt, last }: StoredSeries, from: number, to: number): readonly CoursePoint[] {
    const [begin, end] = [Math.max(from, beganAt), Math.min(to, last + 1)];
    if (begin >= end) return [];
    const { at } = this.statements.hourOnly.get(id, meter) as { at: number | null };
    if (at === null || begin >= at + HOUR) {
      const readings = this.statements.readings.all(meter, id, begin, end, MOST_POINTS + 1);
      if (readings.length <= MOST_POINTS) return readings as readonly CoursePoint[];
    }
    const step = Math.ceil((end - begin) / HOUR / (MOST_POINTS - 1)) * HOUR;
    return this.statements.means.all(meter, id, begin - (begin % HOUR), end, step) as readonly CoursePoint[];
  }

  /** The one that stands for a moment: the last before it, or a nearer one of so long (ms) after it. */
  totalAt(series: StoredSeries, moment: number, near: number): Total | undefined {
    if (moment + near < series.beganAt) return undefined;
    const before = this.lastBefore(series, moment);
    const after = this.firstFrom(series, moment, moment + near);
    if (after === undefined) return before;
    return before !== undefined && moment - before.at <= after.at - moment ? before : after;
  }

  lastBefore({ id, meter, summedUntil }: StoredSeries, moment: number): Total | undefined {
    const hour = moment - (moment % HOUR);
    return inOrder(
      this.statements.readingBefore.get(meter, id, moment, Math.min(hour, summedUntil)),
      this.statements.hourBefore.get(id, hour, moment - hour),
    ).at(-1);
  }

  /** Not after `until`. */
  firstFrom({ id, meter, last }: StoredSeries, moment: number, until: number): Total | undefined {
    if (last < moment) return undefined;
    const hour = moment - (moment % HOUR);
    const [first] = inOrder(
      this.statements.readingAfter.get(meter, id, moment, until),
      this.statements.hourAfter.get(id, hour, moment - hour, until),
    );
    return first !== undefined && first.at <= until ? first : undefined;
  }
}

/** Those that there are. */
function inOrder(...totals: readonly unknown[]): readonly Total[] {
  return (totals as readonly (Total | undefined | null)[])
    .filter((total) => total !== undefined && total !== null)
    .sort((one, other) => one.at - other.at);
}

const SERIES = `
    SELECT series.id, meter, quantity, unit, decimals, is_total AS isTotal, began_at AS beganAt,
      began_with AS beganWith, summed_until AS summedUntil,
      max(
        began_at,
        coalesce((SELECT at FROM reading WHERE reading.meter = series.meter AND reading.series = series.id ORDER BY at DESC LIMIT 1), 0),
        coalesce((SELECT at + coalesce(last_after, 0) FROM hour WHERE hour.series = series.id ORDER BY at DESC LIMIT 1), 0)
      ) AS last
    FROM series JOIN meter ON meter.id = series.meter WHERE source = 'reading'`;

const SQL = {
  series: `${SERIES} AND name = ? ORDER BY series.id`,
  latest: `${SERIES} AND serial_number = ? AND quantity = ? ORDER BY series.id DESC LIMIT 1`,
  /** The newest hour of which there are no readings any more. */
  hourOnly: `
    SELECT max(at) AS at FROM hour
    WHERE series = ?1 AND at + ${HOUR} <= coalesce((SELECT at FROM reading WHERE meter = ?2 ORDER BY at LIMIT 1), 9e15)`,
  readings: `
    SELECT at, value AS mean, value AS low, value AS high FROM reading
    WHERE meter = ?1 AND at >= ?3 AND at < ?4 AND series = ?2 ORDER BY at LIMIT ?5`,
  means: `
    SELECT at - at % ?5 AS at, avg(mean) AS mean, min(low) AS low, max(high) AS high FROM (
      SELECT at, coalesce(mean, last) AS mean, coalesce(low, first) AS low, coalesce(high, last) AS high FROM hour
      WHERE series = ?2 AND at >= ?3 AND at < ?4
      UNION ALL
      SELECT at, value, value, value FROM reading
      WHERE meter = ?1 AND at >= max(?3, (SELECT summed_until FROM series WHERE id = ?2)) AND at < ?4 AND series = ?2
    ) GROUP BY 1 ORDER BY 1`,
  readingBefore: `
    SELECT at, value FROM reading WHERE meter = ?1 AND at >= ?4 AND at < ?3 AND series = ?2 ORDER BY at DESC LIMIT 1`,
  readingAfter: `
    SELECT at, value FROM reading WHERE meter = ?1 AND at >= ?3 AND at <= ?4 AND series = ?2 ORDER BY at LIMIT 1`,
  hourBefore: `
    SELECT
      at + CASE WHEN at < ?2 OR last_after < ?3 THEN last_after ELSE first_after END AS at,
      CASE WHEN at < ?2 OR last_after < ?3 THEN last ELSE first END AS value
    FROM hour WHERE series = ?1 AND at <= ?2 AND (at < ?2 OR first_after < ?3) ORDER BY hour.at DESC LIMIT 1`,
  hourAfter: `
    SELECT
      at + CASE WHEN at > ?2 OR first_after >= ?3 THEN first_after ELSE last_after END AS at,
      CASE WHEN at > ?2 OR first_after >= ?3 THEN first ELSE last END AS value
    FROM hour WHERE series = ?1 AND at >= ?2 AND at <= ?4 AND (at > ?2 OR last_after >= ?3) ORDER BY hour.at LIMIT 1`,
};
