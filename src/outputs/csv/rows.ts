import type { MeterIdentity } from '../../meter/publisher.ts';
import { type Reading, readingValueText } from '../../readings/reading.ts';
import { localDate, localTime } from '../../shared/zoned-time.ts';

/** Rows of one file that are written at once, or not at all. */
export interface FileRows {
  /** `multical-2026-11-24.csv` */
  readonly file: string;
  readonly header: string;
  readonly rows: readonly string[];
  /** What a row is known by: of those that are in the file already, none is written again. Left out: all are written. */
  readonly keyOf?: (row: string) => string;
}

/** Rows that are still to be written, in order, and no more than `limit`: the oldest are given up for newer ones. */
export class WaitingRows {
  private readonly limit: number;
  private batches: readonly FileRows[] = [];
  /** Rows given up so far. */
  lost = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  get size(): number {
    return sizeOf(this.batches);
  }

  add(batch: FileRows): void {
    this.keep([...this.batches, batch]);
  }

  /** The first rows, as far as they are of one file; undefined where nothing waits. */
  removeFirstFile(): FileRows | undefined {
    const [first] = this.batches;
    if (first === undefined) return undefined;
    const other = this.batches.findIndex((batch) => batch.file !== first.file);
    const count = other < 0 ? this.batches.length : other;
    const rows = this.batches.slice(0, count).flatMap((batch) => batch.rows);
    this.batches = this.batches.slice(count);
    return { ...first, rows };
  }

  /** Rows that could not be written come first again. */
  putBack(batch: FileRows): void {
    this.keep([batch, ...this.batches]);
  }

  private keep(batches: readonly FileRows[]): void {
    const excess = sizeOf(batches) - this.limit;
    this.batches = excess > 0 ? withoutOldest(batches, excess) : batches;
    this.lost += Math.max(0, excess);
  }
}

function sizeOf(batches: readonly FileRows[]): number {
  return batches.reduce((sum, { rows }) => sum + rows.length, 0);
}

function withoutOldest(batches: readonly FileRows[], count: number): readonly FileRows[] {
  const [first, ...others] = batches;
  if (first === undefined || count === 0) return batches;
  const { rows } = first;
  return rows.length > count
    ? [{ ...first, rows: rows.slice(count) }, ...others]
    : withoutOldest(others, count - rows.length);
}

const CSV_HEADER = csvLine(['time', 'serial_number', 'name', 'quantity', 'value', 'unit']);

/**
 * A row a value, so that a reading of many quantities and one of few fit one header; a file a day. What has no value has no
 * row.
 */
export function csvRows(
  { serialNumber, name }: Pick<MeterIdentity, 'serialNumber' | 'name'>,
  readings: readonly Reading[],
): readonly FileRows[] {
  const byDate = new Map<string, string[]>();
  for (const { quantity, value, unit, readAt } of readings) {
    const text = readingValueText(value);
    if (text === null) continue;
    const date = localDate(readAt, '');
    const rows = byDate.get(date) ?? [];
    rows.push(csvLine([localTime(readAt), serialNumber, name, quantity, text, unit]));
    byDate.set(date, rows);
  }
  return Array.from(byDate, ([date, rows]) => ({ file: `multical-${date}.csv`, header: CSV_HEADER, rows }));
}

/**
 * Cells as a line of CSV (RFC 4180), without its end. What stands on two lines within a cell is put on one: a line is a
 * row, so that a row that was cut short is known by its missing end.
 */
export function csvLine(cells: readonly string[]): string {
  return cells
    .map((cell) => cell.replace(/\r\n|[\r\n]/g, ' '))
    .map((cell) => (/[",]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
    .join(',');
}
