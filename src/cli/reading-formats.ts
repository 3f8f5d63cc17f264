import { influxLine } from '../app/influx-line.ts';
import type { TakenReading } from '../app/taken-reading.ts';
import { csvLine } from '../shared/csv-line.ts';
import { localTime } from '../shared/local-time.ts';
import { ReadingColumns } from './reading-columns.ts';
import { readingsJson } from './readings-table.ts';

/** The lines that are to be printed of a reading. */
export type ReadingFormat = (taken: TakenReading) => readonly string[];

/** For one reading after the other: what comes first of all, a header, comes once. */
export const READING_FORMATS: Readonly<Record<'table' | 'json' | 'csv' | 'influx', () => ReadingFormat>> = {
  table: alignedLines,
  json: () => (taken) => [JSON.stringify(readingsJson(taken))],
  csv: () => inColumns((time, cells) => csvLine([time, ...cells])),
  influx: () => (taken) => [influxLine(taken)].filter((line) => line !== undefined),
};

function alignedLines(): ReadingFormat {
  let widths: readonly number[] = [];
  return inColumns((time, cells) => {
    widths = cells.map((cell, column) => Math.max(cell.length, widths[column] ?? 0));
    // As a clock on the wall shows it.
    const when = time.slice(0, 19).replace('T', ' ').padEnd(19);
    return [when, ...cells.map((cell, column) => cell.padStart(widths[column] ?? 0))].join('  ').trimEnd();
  });
}

function inColumns(line: (time: string, cells: readonly string[]) => string): ReadingFormat {
  const columns = new ReadingColumns();
  return ({ meter, readAt, readings }) => {
    const { labels, cells, isNew } = columns.row(readings);
    const header = isNew ? [line('time', ['serial_number', ...labels])] : [];
    return [...header, line(localTime(readAt), [meter.serialNumber, ...cells])];
  };
}
