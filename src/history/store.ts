import { type Database, inOneStep, openDatabase, type Statement } from './database.ts';
import { forgetOldestLogged } from './log-room.ts';
import { prepareTables } from './schema.ts';

export interface StoredValue {
  /** Public name, as in topics. */
  readonly quantity: string;
  /** The meter's symbol. */
  readonly unit: string;
  readonly decimals: number;
  readonly value: number;
  readonly isTotal: boolean;
  /** Milliseconds since 1970, a time of the wall clock. */
  readonly at: number;
}

/** What one reading brought. */
export interface StoredReading {
  readonly serialNumber: string;
  readonly name: string;
  readonly values: readonly StoredValue[];
}

/** What the values go on. */
interface Series {
  readonly id: number;
  readonly unit: string;
  readonly decimals: number;
  readonly at: number;
  readonly value: number;
}

interface Oldest {
  readonly meter?: number;
  readonly at: number;
}

interface OldestHour {
  readonly series: number;
  readonly at: number;
}

export const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Milliseconds for which every reading is kept. What remains of its hour stays until there is no room any more. */
const READINGS_KEPT = 30 * DAY;
/** Those of the last day stay in any case (ms). */
const NEWEST_KEPT = DAY;
/** Most steps in which one write makes room, and how much each lets go: rows of readings, or milliseconds of hours. */
const STEPS = 20;
const STEP = { readings: 2_000, hours: 90 * DAY };

/** What was read of each meter, in one SQLite file. Errors of the driver come through, and leave the file as it was. */
export class HistoryStore {
  readonly database: Database;
  private readonly isBeside: boolean;
  private readonly statements: Readonly<Record<keyof typeof SQL, Statement>>;
  /** By what they are of: series that values go on, and meters with their names. */
  private readonly series = new Map<string, Series>();
  private readonly meters = new Map<string, { readonly id: number; name: string; hour: number }>();

  private constructor(database: Database, isBeside: boolean) {
    this.database = database;
    this.isBeside = isBeside;
    this.statements = Object.fromEntries(
      Object.entries(SQL).map(([name, sql]) => [name, database.prepare(sql)]),
    ) as typeof this.statements;
  }

  /** `isBeside`: another may have it open. */
  static open(file: string, isBeside = false): HistoryStore {
    const database = openDatabase(file);
    try {
      prepareTables(database);
      return new HistoryStore(database, isBeside);
    } catch (error) {
      database.close();
      throw error;
    }
  }

  /** Everything stands in the one file then; not while another has it open, who would wait for a slow disk. */
  close(): void {
    if (!this.isBeside) this.database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    this.database.close();
  }

  /** All of them or none, in the order in which they were read. Makes room where the file is larger than `mostBytes`. */
  add(readings: readonly StoredReading[], mostBytes: number): void {
    try {
      inOneStep(this.database, () => {
        for (const reading of readings) this.addReading(reading);
        for (let step = 0; step < STEPS && this.usedBytes > mostBytes; step++) if (!this.makeRoom()) return;
      });
    } catch (error) {
      // What they name is not there.
      this.series.clear();
      this.meters.clear();
      throw error;
    }
  }

  private addReading({ serialNumber, name, values }: StoredReading): void {
    const meter = this.meter(serialNumber, name);
    for (const value of values) this.addValue(meter.id, value);
    const newest = Math.max(...values.map(({ at }) => at));
    const hour = newest - (newest % HOUR);
    if (hour === meter.hour) return;
    meter.hour = hour;
    this.sumHours(meter.id, hour);
    this.statements.forgetReadings.run(meter.id, hour - READINGS_KEPT);
  }

  private addValue(meter: number, value: StoredValue): void {
    const { quantity, unit, decimals, at } = value;
    const key = `${meter} ${quantity}`;
    const before =
      this.series.get(key) ?? (this.statements.latestSeries.get(meter, quantity) as Series | undefined);
    if (before !== undefined && before.at === at && before.unit === unit) return;
    const id = before !== undefined && isContinued(before, value) ? before.id : this.begin(meter, value);
    const isFiner = id === before?.id && decimals > before.decimals;
    if (isFiner) this.statements.setDecimals.run(decimals, id);
    this.series.set(key, {
      id,
      unit,
      at,
      value: value.value,
      decimals: id === before?.id ? Math.max(decimals, before.decimals) : decimals,
    });
    this.statements.add.run(meter, at, id, value.value);
  }

  private begin(meter: number, { quantity, unit, decimals, isTotal, at, value }: StoredValue): number {
    const { id } = this.statements.begin.get(
      ...[meter, quantity, unit, decimals, Number(isTotal), at, value, at - (at % HOUR)],
    ) as { id: number };
    return id;
  }

  /** The hours that have ended before `until`. */
  private sumHours(meter: number, until: number): void {
    this.statements.sumTotals.run(meter, until);
    this.statements.sumOthers.run(meter, until);
    this.statements.setSummed.run(meter, until);
  }

  /** Lets go of some of the oldest readings, or else of hours and of a meter's log; false where that has to do for now. */
  private makeRoom(): boolean {
    const newest = Math.max(...Array.from(this.series.values(), ({ at }) => at));
    const { meter, at } = (this.statements.oldestReading.get() ?? { at: newest }) as Oldest;
    if (meter !== undefined && at < newest - NEWEST_KEPT - HOUR) {
      const last = this.statements.readingAfter.get(meter, STEP.readings) as Oldest;
      const until = Math.min(last.at + HOUR, newest - NEWEST_KEPT);
      const hour = until - (until % HOUR);
      this.sumHours(meter, hour);
      this.statements.forgetReadings.run(meter, hour);
      return true;
    }
    for (const { series, at } of this.statements.oldestHours.all() as readonly OldestHour[])
      this.statements.forgetHours.run(series, at + STEP.hours);
    forgetOldestLogged(this.database);
    return false;
  }

  private get usedBytes(): number {
    const { bytes } = this.statements.usedBytes.get() as { bytes: number };
    return bytes;
  }

  private meter(serialNumber: string, name: string) {
    const known = this.meters.get(serialNumber);
    if (known?.name === name) return known;
    const { id } = this.statements.addMeter.get(serialNumber, name) as { id: number };
    const meter = { id, name, hour: known?.hour ?? 0 };
    this.meters.set(serialNumber, meter);
    return meter;
  }
}

function isContinued(before: Series, { unit, isTotal, at, value }: StoredValue): boolean {
  return before.unit === unit && at > before.at && !(isTotal && value < before.value);
}

/** Of the readings of a meter that are in no hour yet: found by their time, which the planner does not see by itself. */
const UNSUMMED = `
  FROM reading CROSS JOIN series ON series.id = reading.series
  WHERE reading.meter = ?1 AND at < ?2 AND at >= (SELECT min(summed_until) FROM series WHERE meter = ?1)
    AND at >= summed_until`;

const SQL = {
  addMeter: `
    INSERT INTO meter (serial_number, name) VALUES (?, ?)
    ON CONFLICT (serial_number) DO UPDATE SET name = excluded.name RETURNING id`,
  latestSeries: `
    SELECT id, unit, decimals,
      coalesce(
        (SELECT at FROM reading WHERE meter = ?1 AND series = latest.id ORDER BY at DESC LIMIT 1),
        (SELECT at + coalesce(last_after, ${HOUR - 1}) FROM hour WHERE series = latest.id ORDER BY at DESC LIMIT 1),
        began_at
      ) AS at,
      coalesce(
        (SELECT value FROM reading WHERE meter = ?1 AND series = latest.id ORDER BY at DESC LIMIT 1),
        (SELECT last FROM hour WHERE series = latest.id ORDER BY at DESC LIMIT 1),
        began_with
      ) AS value
    FROM (SELECT * FROM series WHERE meter = ?1 AND quantity = ?2 AND source = 'reading' ORDER BY id DESC LIMIT 1) AS latest`,
  begin: `
    INSERT INTO series (meter, quantity, unit, decimals, is_total, source, began_at, began_with, summed_until)
    VALUES (?, ?, ?, ?, ?, 'reading', ?, ?, ?) RETURNING id`,
  setDecimals: 'UPDATE series SET decimals = ? WHERE id = ?',
  add: 'INSERT INTO reading (meter, at, series, value) VALUES (?, ?, ?, ?)',
  sumTotals: `
    INSERT OR IGNORE INTO hour (series, at, first_after, first, last_after, last)
    SELECT series, hour, first_at - hour, (SELECT value FROM reading WHERE meter = ?1 AND at = first_at AND series = summed.series),
      last_at - hour, (SELECT value FROM reading WHERE meter = ?1 AND at = last_at AND series = summed.series)
    FROM (
      SELECT series, at - at % ${HOUR} AS hour, min(at) AS first_at, max(at) AS last_at ${UNSUMMED} AND is_total
      GROUP BY 1, 2
    ) AS summed`,
  sumOthers: `
    INSERT OR IGNORE INTO hour (series, at, mean, low, high)
    SELECT series, at - at % ${HOUR}, avg(value), min(value), max(value) ${UNSUMMED} AND NOT is_total GROUP BY 1, 2`,
  setSummed: 'UPDATE series SET summed_until = ?2 WHERE meter = ?1 AND summed_until < ?2',
  forgetReadings: 'DELETE FROM reading WHERE meter = ? AND at < ?',
  forgetHours: 'DELETE FROM hour WHERE series = ? AND at < ?',
  oldestReading: `
    SELECT id AS meter, (SELECT at FROM reading WHERE reading.meter = meter.id ORDER BY at LIMIT 1) AS at FROM meter
    WHERE at IS NOT NULL ORDER BY at LIMIT 1`,
  readingAfter: 'SELECT max(at) AS at FROM (SELECT at FROM reading WHERE meter = ? ORDER BY at LIMIT ?)',
  oldestHours: `
    SELECT id AS series, (SELECT hour.at FROM hour WHERE hour.series = series.id ORDER BY at LIMIT 1) AS at FROM series
    WHERE at IS NOT NULL ORDER BY at LIMIT 20`,
  usedBytes: `
    SELECT (page_count - freelist_count) * page_size AS bytes
    FROM pragma_page_count, pragma_freelist_count, pragma_page_size`,
};
