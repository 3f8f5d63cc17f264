import { type Database, inOneStep } from './database.ts';

/** Of the tables below; a file of a newer version is set aside. */
export const VERSION = 3;

/**
 * Of version 1. Times are milliseconds since 1970, in UTC. The rows of one reading stand side by side, so that a reading writes one page;
 * hours stand by series, so that ten years of one are read in a row.
 *
 *     meter 1 ─── * series 1 ─── * reading   every value, for a month
 *                          1 ─── * hour      what remains of the readings of an hour, for ten years and more
 *
 * A series is what may be compared: one quantity of one meter in one unit, from one source, in the order of time. A total
 * within it never goes back. Whatever breaks that (another unit, a counter that begins anew, a clock that was set back)
 * begins another series, and nothing is ever counted from one series to the next.
 */
const READ = `
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

/**
 * New in version 2: what a meter itself wrote down at the end of its years, months, days and hours. These numbers are kept as
 * texts, because they leave the program exactly as the meter has them.
 *
 *     meter 1 ─── * log 1 ─── * logged_row           the end of a period
 *                     1 ─── * logged_quantity 1 ─── * logged_value
 *
 * Of two logs of one meter and logger the later one goes on; the other ended when the meter began to count its rows anew.
 */
const LOGGED = `
  CREATE TABLE log (
    id INTEGER PRIMARY KEY,
    meter INTEGER NOT NULL REFERENCES meter,
    logger TEXT NOT NULL,
    -- Rows up to this one were here, and had to make room.
    forgotten_to INTEGER
  );
  CREATE INDEX log_of_meter ON log (meter, logger);
  CREATE TABLE logged_row (
    log INTEGER NOT NULL REFERENCES log,
    -- The meter's own number of it.
    row INTEGER NOT NULL,
    -- By the meter's clock, without a zone.
    meter_time TEXT,
    -- The same moment; NULL where it cannot be told.
    ended_at INTEGER,
    PRIMARY KEY (log, row)
  ) WITHOUT ROWID;
  CREATE INDEX logged_row_by_time ON logged_row (log, ended_at);
  CREATE TABLE logged_quantity (
    id INTEGER PRIMARY KEY,
    log INTEGER NOT NULL REFERENCES log,
    register INTEGER NOT NULL,
    quantity TEXT NOT NULL,
    unit TEXT NOT NULL,
    decimals INTEGER NOT NULL,
    is_number INTEGER NOT NULL,
    UNIQUE (log, register, quantity, unit, decimals, is_number)
  );
  CREATE TABLE logged_value (
    quantity INTEGER NOT NULL REFERENCES logged_quantity,
    row INTEGER NOT NULL,
    -- NULL where the meter says "never".
    value TEXT,
    PRIMARY KEY (quantity, row)
  ) WITHOUT ROWID;
  -- For people who open this file with another program.
  CREATE VIEW logged AS
    SELECT name AS meter, serial_number, logger, logged_row.row, meter_time,
      strftime('%Y-%m-%dT%H:%M:%SZ', ended_at / 1000, 'unixepoch') AS time, logged_quantity.quantity, value, unit
    FROM log JOIN meter ON meter.id = log.meter
      JOIN logged_row ON logged_row.log = log.id
      JOIN logged_quantity ON logged_quantity.log = log.id
      JOIN logged_value ON logged_value.quantity = logged_quantity.id AND logged_value.row = logged_row.row;
`;

/** New in version 3: which output has got what of it, and when all of it was read. Rows from before count as added in their order. */
const HANDED_ON = `
  -- Ascends over all logs: what was added or completed later has a higher one.
  ALTER TABLE logged_row ADD COLUMN added INTEGER NOT NULL DEFAULT 0;
  UPDATE logged_row SET added = place
    FROM (SELECT log AS of_log, row AS of_row, row_number() OVER (ORDER BY log, row) AS place FROM logged_row)
    WHERE log = of_log AND row = of_row;
  CREATE INDEX logged_row_by_addition ON logged_row (added);
  -- When all logs of a meter were read to their ends last.
  CREATE TABLE log_reading (
    meter INTEGER PRIMARY KEY REFERENCES meter,
    completed_at INTEGER NOT NULL
  );
  -- How far an output has got what is here of a meter.
  CREATE TABLE handed_on (
    output TEXT NOT NULL,
    meter INTEGER NOT NULL REFERENCES meter,
    added INTEGER NOT NULL,
    PRIMARY KEY (output, meter)
  ) WITHOUT ROWID;
`;

/** What each version added to the one before. */
const STEPS = [READ, LOGGED, HANDED_ON];

/** Another program of ours may do the same at this moment. */
export function prepareTables(database: Database): void {
  if (versionOf(database) >= VERSION) return;
  inOneStep(database, () => {
    for (const step of STEPS.slice(versionOf(database))) database.exec(step);
    database.exec(`PRAGMA user_version = ${VERSION}`);
  });
  // Into the file's own header, where the version is looked for.
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
}

function versionOf(database: Database): number {
  return (database.prepare('PRAGMA user_version').get() as { user_version: number }).user_version;
}
