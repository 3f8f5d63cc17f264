import { Big } from 'big.js';
import type { LoggerName } from '../catalogue/loggers.ts';
import type { IdRange } from '../loggers/id-range.ts';
import type { LoggedRow, LoggedValue } from '../loggers/logged-row.ts';
import { type Database, inOneStep, type Statement } from './database.ts';

interface Meter {
  readonly serialNumber: string;
  /** From the configuration. */
  readonly name: string;
}

interface StoredRow {
  readonly row: number;
  readonly meterTime: string | null;
  readonly endedAt: number | null;
  readonly added: number;
}

interface StoredRowOfLog extends StoredRow {
  readonly log: number;
  readonly logger: LoggerName;
}

type StoredValue = Omit<LoggedValue, 'value'> & {
  readonly row: number;
  readonly isNumber: number;
  readonly value: string | null;
};

/**
 * What meters wrote down themselves, beside what was read of them, in the same file: tables in `schema.ts`. Errors of the
 * driver come through, and leave the file as it was. Room is made by `HistoryStore`.
 */
export class LogStore {
  private readonly database: Database;
  private readonly statements: Readonly<Record<keyof typeof SQL, Statement>>;

  /** Of a `HistoryStore`. A program opens a file once: to close it a second time takes away the locks of the first (POSIX). */
  constructor(database: Database) {
    this.database = database;
    this.statements = Object.fromEntries(
      Object.entries(SQL).map(([name, sql]) => [name, database.prepare(sql)]),
    ) as typeof this.statements;
  }

  /**
   * All of them or none. What is there already stays; a row that was asked for again gets the registers that it lacks, and
   * the moment of its end where that was not known.
   */
  add(meter: Meter, rows: readonly LoggedRow[]): void {
    if (rows.length === 0) return;
    inOneStep(this.database, () => {
      const { id } = this.statements.addMeter.get(meter.serialNumber, meter.name) as { id: number };
      for (const row of rows) this.addRow(id, row);
    });
  }

  /**
   * Which are there, merged, ascending: those that had to make room too, as they need not be asked for again. With
   * `registers`, only rows that tell all of these.
   */
  known(serialNumber: string, logger: LoggerName, registers: readonly number[] = []): readonly IdRange[] {
    const log = this.log(serialNumber, logger);
    if (log === undefined) return [];
    const wanted = JSON.stringify(registers);
    const there = this.statements.known.all(log, wanted, new Set(registers).size) as readonly IdRange[];
    const { forgottenTo } = this.statements.forgotten.get(log) as { forgottenTo: number | null };
    return forgottenTo === null ? there : joined({ from: 0, to: forgottenTo }, there);
  }

  /** When all its logs were read to their ends last (ms); undefined before the first time. */
  completedAt(serialNumber: string): number | undefined {
    return (this.statements.completedAt.get(serialNumber) as { at: number } | undefined)?.at;
  }

  complete({ serialNumber, name }: Meter, at: number): void {
    const { id } = this.statements.addMeter.get(serialNumber, name) as { id: number };
    this.statements.complete.run(id, at);
  }

  /** The meter of that name which wrote something down, the latest of several; undefined where none did. */
  serialNumberOf(name: string): string | undefined {
    return (this.statements.serialNumber.get(name) as { serialNumber: string } | undefined)?.serialNumber;
  }

  newest(serialNumber: string, logger: LoggerName): LoggedRow | undefined {
    const log = this.log(serialNumber, logger);
    const row = log === undefined ? undefined : (this.statements.newest.get(log) as StoredRow | undefined);
    if (log === undefined || row === undefined) return undefined;
    const values = this.statements.values.all(log, row.row, row.row) as readonly StoredValue[];
    return loggedRow(logger, row, values);
  }

  /**
   * In the meter's order. `from` and `to`: milliseconds, both ends included; with one of them, only rows whose end can be
   * told.
   */
  rows(
    serialNumber: string,
    logger: LoggerName,
    { from, to }: { readonly from?: number; readonly to?: number } = {},
  ): readonly LoggedRow[] {
    const log = this.log(serialNumber, logger);
    if (log === undefined) return [];
    const rows = this.statements.rows.all(log, from ?? null, to ?? null) as readonly StoredRow[];
    const [first, last] = [rows[0]?.row ?? 0, rows.at(-1)?.row ?? 0];
    const values = new Map<number, StoredValue[]>(rows.map(({ row }) => [row, []]));
    for (const value of this.statements.values.all(log, first, last) as readonly StoredValue[])
      values.get(value.row)?.push(value);
    return rows.map((row) => loggedRow(logger, row, values.get(row.row) ?? []));
  }

  /**
   * The next rows that an output has not got, in the order in which they were added or completed, at most so many; none when
   * it has all. `done` says that it has these.
   */
  nextFor(
    output: string,
    serialNumber: string,
    most: number,
  ): { readonly rows: readonly LoggedRow[]; readonly done: () => void } {
    const next = this.statements.nextFor.all(output, serialNumber, most) as readonly StoredRowOfLog[];
    const rows = next.map((row) => {
      const values = this.statements.values.all(row.log, row.row, row.row) as readonly StoredValue[];
      return loggedRow(row.logger, row, values);
    });
    const done = (): void => {
      this.statements.handedOn.run(output, serialNumber, next.at(-1)?.added ?? 0);
    };
    return { rows, done };
  }

  /** For a meter that numbers its rows anew: what was known stays in the file, and nothing is known of the new ones. */
  beginAnew(serialNumber: string, logger: LoggerName): void {
    if (this.log(serialNumber, logger) !== undefined) this.statements.beginAnew.run(serialNumber, logger);
  }

  private addRow(meter: number, { logger, id, meterTime, endedAt, values }: LoggedRow): void {
    const log = this.logOf(meter, logger);
    const { next } = this.statements.nextAddition.get() as { next: number };
    const row = this.statements.addRow.get(log, id, meterTime, endedAt, next) as StoredRow;
    // Another row under this number: the meter has begun anew, and nobody has seen that yet.
    if (row.meterTime !== meterTime) return;
    let added = 0;
    for (const { register, quantity, unit, decimals, value } of values) {
      const isNumber = value !== null && typeof value !== 'string';
      const column = this.statements.addQuantity.get(
        ...[log, register, quantity, unit, decimals, Number(isNumber)],
      ) as { id: number };
      const text = isNumber ? value.toFixed() : value;
      added += Number(this.statements.addValue.run(column.id, id, text, log, register).changes);
    }
    if (added > 0 && row.added !== next) this.statements.moreOfRow.run(next, log, id);
  }

  private logOf(meter: number, logger: LoggerName): number {
    const found = this.statements.logOf.get(meter, logger) ?? this.statements.begin.get(meter, logger);
    return (found as { id: number }).id;
  }

  private log(serialNumber: string, logger: LoggerName): number | undefined {
    return (this.statements.log.get(serialNumber, logger) as { id: number } | undefined)?.id;
  }
}

/** The second ones are apart from each other, and ascend. */
function joined(first: IdRange, others: readonly IdRange[]): readonly IdRange[] {
  const near = others.filter(({ from }) => from <= first.to + 1);
  const to = Math.max(first.to, ...near.map((range) => range.to));
  return [{ from: first.from, to }, ...others.filter((range) => !near.includes(range))];
}

function loggedRow(
  logger: LoggerName,
  { row, meterTime, endedAt }: StoredRow,
  values: readonly StoredValue[],
): LoggedRow {
  return {
    logger,
    id: row,
    meterTime,
    endedAt,
    values: values.map(({ register, quantity, unit, decimals, isNumber, value }) => ({
      ...{ register, quantity, unit, decimals },
      value: value !== null && isNumber === 1 ? new Big(value) : value,
    })),
  };
}

const ROW = 'row, meter_time AS meterTime, ended_at AS endedAt, added';

const SQL = {
  addMeter: `
    INSERT INTO meter (serial_number, name) VALUES (?, ?)
    ON CONFLICT (serial_number) DO UPDATE SET name = excluded.name RETURNING id`,
  serialNumber: `
    SELECT serial_number AS serialNumber FROM meter JOIN log ON log.meter = meter.id
    WHERE name = ? ORDER BY log.id DESC LIMIT 1`,
  completedAt: `
    SELECT completed_at AS at FROM log_reading JOIN meter ON meter.id = log_reading.meter WHERE serial_number = ?`,
  complete: `
    INSERT INTO log_reading (meter, completed_at) VALUES (?, ?)
    ON CONFLICT DO UPDATE SET completed_at = excluded.completed_at`,
  log: `
    SELECT log.id FROM log JOIN meter ON meter.id = log.meter WHERE serial_number = ? AND logger = ?
    ORDER BY log.id DESC LIMIT 1`,
  logOf: 'SELECT id FROM log WHERE meter = ? AND logger = ? ORDER BY id DESC LIMIT 1',
  begin: 'INSERT INTO log (meter, logger) VALUES (?, ?) RETURNING id',
  beginAnew: 'INSERT INTO log (meter, logger) SELECT id, ?2 FROM meter WHERE serial_number = ?1',
  addRow: `
    INSERT INTO logged_row (log, row, meter_time, ended_at, added) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET
      ended_at = CASE WHEN meter_time IS excluded.meter_time THEN coalesce(ended_at, excluded.ended_at) ELSE ended_at END,
      added = CASE
        WHEN meter_time IS excluded.meter_time AND ended_at IS NULL AND excluded.ended_at IS NOT NULL
        THEN excluded.added ELSE added END
    RETURNING ${ROW}`,
  /** Also after rows that had to make room since an output got them. */
  nextAddition: `
    SELECT 1 + max(
      coalesce((SELECT max(added) FROM logged_row), 0), coalesce((SELECT max(added) FROM handed_on), 0)) AS next`,
  moreOfRow: 'UPDATE logged_row SET added = ? WHERE log = ? AND row = ?',
  nextFor: `
    SELECT log, logger, ${ROW} FROM logged_row JOIN log ON log.id = logged_row.log JOIN meter ON meter.id = log.meter
    WHERE serial_number = ?2 AND added > coalesce(
      (SELECT added FROM handed_on WHERE output = ?1 AND handed_on.meter = meter.id), 0)
    ORDER BY added LIMIT ?3`,
  handedOn: `
    INSERT INTO handed_on (output, meter, added) SELECT ?1, id, ?3 FROM meter WHERE serial_number = ?2
    ON CONFLICT DO UPDATE SET added = max(added, excluded.added)`,
  addQuantity: `
    INSERT INTO logged_quantity (log, register, quantity, unit, decimals, is_number) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET unit = unit RETURNING id`,
  /** Unless this register is told already, in whatever form. */
  addValue: `
    INSERT INTO logged_value (quantity, row, value) SELECT ?1, ?2, ?3 WHERE NOT EXISTS (
      SELECT 1 FROM logged_quantity JOIN logged_value ON logged_value.quantity = logged_quantity.id
      WHERE log = ?4 AND register = ?5 AND row = ?2)`,
  known: `
    SELECT min(row) AS "from", max(row) AS "to" FROM (
      SELECT row, row - row_number() OVER (ORDER BY row) AS stretch FROM logged_row WHERE log = ?1 AND (?3 = 0 OR ?3 = (
        SELECT count(DISTINCT register) FROM logged_quantity JOIN logged_value ON logged_value.quantity = logged_quantity.id
        WHERE log = ?1 AND logged_value.row = logged_row.row AND register IN (SELECT value FROM json_each(?2))))
    ) GROUP BY stretch ORDER BY 1`,
  forgotten: 'SELECT forgotten_to AS forgottenTo FROM log WHERE id = ?',
  newest: `SELECT ${ROW} FROM logged_row WHERE log = ? ORDER BY row DESC LIMIT 1`,
  rows: `
    SELECT ${ROW} FROM logged_row
    WHERE log = ?1 AND (?2 IS NULL OR ended_at >= ?2) AND (?3 IS NULL OR ended_at <= ?3) ORDER BY row`,
  values: `
    SELECT row, register, logged_quantity.quantity, unit, decimals, is_number AS isNumber, value
    FROM logged_quantity JOIN logged_value ON logged_value.quantity = logged_quantity.id
    WHERE log = ?1 AND row BETWEEN ?2 AND ?3 ORDER BY row, register`,
};
