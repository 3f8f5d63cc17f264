import type { Database } from './database.ts';

/** Of the tables below; a file of a newer version is set aside. */
export const VERSION = 1;

/**
 * Times are milliseconds since 1970, in UTC. The rows of one reading stand side by side, so that a reading writes one page;
 * hours stand by series, so that ten years of one are read in a row.
 *
 *     meter 1 ─── * series 1 ─── * reading   every value, for a month
 *                          1 ─── * hour      what remains of the readings of an hour, for ten years and more
 *
 * A series is what may be compared: one quantity of one meter in one unit, from one source, in the order of time. A total
 * within it never goes back. Whatever breaks that (another unit, a counter that begins anew, a clock that was set back)
 * begins another series, and nothing is ever counted from one series to the next.
 */
const TABLES = `
  CREATE TABLE meter (
    id INTEGER PRIMARY KEY,
    serial_number TEXT NOT NULL UNIQUE,
    -- From the configuration; meters that followed each other at one place have the same.
    name TEXT NOT NULL
  );
  CREATE TABLE series (
    id INTEGER PRIMARY KEY,
    meter INTEGER NOT NULL REFERENCES meter,
    quantity TEXT NOT NULL,
    unit TEXT NOT NULL,
    decimals INTEGER NOT NULL,
    is_total INTEGER NOT NULL,
    -- Who tells: "reading" for what this program read when it was so.
    source TEXT NOT NULL,
    began_at INTEGER NOT NULL,
    began_with REAL NOT NULL,
    -- Readings before this moment are in "hour".
    summed_until INTEGER NOT NULL
  );
  CREATE INDEX series_of_meter ON series (meter, quantity);
  CREATE TABLE reading (
    meter INTEGER NOT NULL,
    at INTEGER NOT NULL,
    series INTEGER NOT NULL,
    value REAL NOT NULL,
    PRIMARY KEY (meter, at, series)
  ) WITHOUT ROWID;
  CREATE TABLE hour (
    series INTEGER NOT NULL,
    -- Its beginning.
    at INTEGER NOT NULL,
    -- Of a total: its first and its last value, and when in this hour they were read.
    first_after INTEGER,
    first REAL,
    last_after INTEGER,
    last REAL,
    -- Of all else.
    mean REAL,
    low REAL,
    high REAL,
    PRIMARY KEY (series, at)
  ) WITHOUT ROWID;
  -- For people who open this file with another program.
  CREATE VIEW readings AS
    SELECT name AS meter, serial_number, strftime('%Y-%m-%dT%H:%M:%fZ', at / 1000.0, 'unixepoch') AS time, quantity, value,
      unit
    FROM reading JOIN series ON series.id = reading.series JOIN meter ON meter.id = reading.meter;
  CREATE VIEW hours AS
    SELECT name AS meter, serial_number, strftime('%Y-%m-%dT%H:%MZ', at / 1000, 'unixepoch') AS hour, quantity, last, mean,
      low, high, unit
    FROM hour JOIN series ON series.id = hour.series JOIN meter ON meter.id = series.meter;
`;

export function prepareTables(database: Database): void {
  const { user_version: version } = database.prepare('PRAGMA user_version').get() as { user_version: number };
  if (version !== 0) return;
  database.exec(`BEGIN; ${TABLES} PRAGMA user_version = ${VERSION}; COMMIT`);
  // Into the file's own header, where the version is looked for.
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
}
