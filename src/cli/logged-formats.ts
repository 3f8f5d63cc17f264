import { LOGGERS } from '../catalogue/loggers.ts';
import { loggedReadings } from '../loggers/logged-readings.ts';
import type { LoggedRow } from '../loggers/logged-row.ts';
import { csvLine } from '../outputs/csv/rows.ts';
import { readingValueText } from '../readings/reading.ts';
import type { Paint } from '../shared/paint.ts';
import { momentOf, zonedTime } from '../shared/zoned-time.ts';
import { headed, table } from './io.ts';
import type { PointOf } from './logged-points.ts';

/** What is told of a meter's logs, wherever it comes from. */
export interface ToldLogs {
  readonly serialNumber: string;
  /** From the configuration; undefined for a meter that it does not know. */
  readonly name: string | undefined;
  /** Of the house. */
  readonly timezone: string;
  readonly rows: readonly LoggedRow[];
  /** For line protocol. */
  readonly points: () => PointOf;
}

/** The lines that are to be printed. */
type LogFormat = (logs: ToldLogs, paint: Paint) => readonly string[];

/** Values are exact, with the meter's own decimals and units. */
export const LOG_FORMATS: Readonly<Record<'table' | 'csv' | 'json' | 'influx', LogFormat>> = {
  table: tables,
  csv: csvLines,
  json: (logs) => [JSON.stringify(logsJson(logs))],
  influx: ({ rows, points }) => rows.map(points()).filter((line) => line !== undefined),
};

/** By how much a meter's clock may be wrong before a second column shows what it said (ms). */
const WORTH_A_COLUMN = 30 * 60_000;

/** A table a logger, the coarsest first. */
function tables({ rows, timezone }: ToldLogs, paint: Paint): readonly string[] {
  const loggers = LOGGERS.filter((logger) => rows.some((row) => row.logger === logger));
  return loggers.flatMap((logger, index) => {
    const own = rows.filter((row) => row.logger === logger);
    const { labels, cellsOf } = columnsOf(own);
    const isWrong = own.some((row) => isFarFromIts(row, timezone));
    const times = isWrong ? ['ended', "by the meter's clock"] : ['ended'];
    const lines = own.map((row) => [
      ...(isWrong ? [reallyEnded(row, timezone), ended(row)] : [ended(row)]),
      ...[String(row.id), ...cellsOf(row).map((cell) => cell || '-')],
    ]);
    const numbers = ['row', ...labels];
    const look = { right: numbers.map((_, column) => column + times.length), style: headed(paint) };
    const title = loggers.length === 1 ? [] : [paint('bold', `${logger} log`)];
    return [...(index === 0 ? [] : ['']), ...title, ...table([[...times, ...numbers], ...lines], look)];
  });
}

/** A moment that nobody can tell is far from any. */
function isFarFromIts({ endedAt, meterTime }: LoggedRow, timezone: string): boolean {
  if (endedAt === null || meterTime === null) return true;
  return Math.abs(momentOf(meterTime, timezone) - endedAt) > WORTH_A_COLUMN;
}

function reallyEnded({ endedAt }: LoggedRow, timezone: string): string {
  return endedAt === null ? 'nobody knows' : zonedTime(endedAt, timezone).slice(0, 19).replace('T', ' ');
}

/** By the clock of the meter. */
function ended({ meterTime }: LoggedRow): string {
  return meterTime?.replace('T', ' ') ?? '-';
}

function csvLines({ serialNumber, timezone, rows }: ToldLogs): readonly string[] {
  const { labels, cellsOf } = columnsOf(rows);
  const header = ['logger', 'id', 'meter_time', 'time', 'serial_number', ...labels];
  const lines = rows.map((row) => [
    ...[row.logger, String(row.id), row.meterTime ?? '', momentIn(row, timezone) ?? '', serialNumber],
    ...cellsOf(row),
  ]);
  return [header, ...lines].map(csvLine);
}

function logsJson({ serialNumber, name, timezone, rows }: ToldLogs): object {
  return {
    meter: { serialNumber, ...(name !== undefined && { name }) },
    rows: rows.map((row) => ({
      ...{ logger: row.logger, id: row.id },
      ...{ meterTime: row.meterTime, endedAt: momentIn(row, timezone) },
      values: Object.fromEntries(
        loggedReadings(row).map(({ quantity, value, unit, register }) => [
          quantity,
          { value: readingValueText(value), unit, register },
        ]),
      ),
    })),
  };
}

function momentIn({ endedAt }: LoggedRow, timezone: string): string | null {
  return endedAt === null ? null : zonedTime(endedAt, timezone);
}

/**
 * The unit belongs to the column: a meter that was set to another unit has another column from then on. What has no value
 * in any row has none.
 */
function columnsOf(rows: readonly LoggedRow[]): {
  readonly labels: readonly string[];
  readonly cellsOf: (row: LoggedRow) => readonly string[];
} {
  const textsOf = (row: LoggedRow): ReadonlyMap<string, string> =>
    new Map(
      loggedReadings(row).flatMap(({ quantity, unit, value }) => {
        const text = readingValueText(value);
        return text === null ? [] : [[unit === '' ? quantity : `${quantity} (${unit})`, text] as const];
      }),
    );
  const labels = [...new Set(rows.flatMap((row) => [...textsOf(row).keys()]))];
  return {
    labels,
    cellsOf: (row) => {
      const texts = textsOf(row);
      return labels.map((label) => texts.get(label) ?? '');
    },
  };
}
