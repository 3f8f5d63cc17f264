import type { IdentifiedMeter, MeterReadings } from '../meter/identified-meter.ts';
import type { MeterDescription } from '../meter/meter-description.ts';
import { csvLine } from '../outputs/csv/rows.ts';
import { byMoment, fieldOf, linePoint } from '../outputs/influxdb/line-protocol.ts';
import { type Reading, readingValueText } from '../readings/reading.ts';
import { isWallTime, momentText } from '../shared/credible-clock.ts';
import type { Paint } from '../shared/paint.ts';
import { headed, table } from './io.ts';

/** The result of one reading, whichever command took it. */
export interface TakenReading {
  readonly meter: Pick<
    MeterDescription,
    'serialNumber' | 'model' | 'certainty' | 'why' | 'kind' | 'softwareRevision'
  >;
  /** Null while it may be one of several. */
  readonly certainModel: string | null;
  /** Milliseconds since 1970. */
  readonly readAt: number;
  readonly readings: readonly Reading[];
}

/** The readings, for a person. */
export function readingsTable({ readings }: Pick<TakenReading, 'readings'>, paint: Paint): string[] {
  const rows = readings.map(({ label, value, unit, register }) => [
    label,
    readingValueText(value) ?? nothingText(value),
    unit,
    String(register ?? ''),
  ]);
  return table([['quantity', 'value', 'unit', 'register'], ...rows], {
    right: [1, 3],
    style: headed(paint, 1),
  });
}

/** `no value (127 °C)` where the meter sends that in place of one. */
function nothingText(value: Reading['value']): string {
  return value.kind === 'unknown' && value.inPlace !== undefined ? `no value (${value.inPlace})` : '-';
}

/** The same for a program: values are exact decimal strings with the meter's decimals. */
export function readingsJson({ meter, readAt, readings }: Omit<TakenReading, 'certainModel'>): object {
  const byQuantity = readings.map(({ quantity, value, unit, register }) => [
    quantity,
    { value: readingValueText(value), unit, register },
  ]);
  return { meter, readAt: momentText(readAt), readings: Object.fromEntries(byQuantity) };
}

/** Describes the meter in lines; a fact that cannot be told is said to be unknown. */
export function descriptionLines(
  { meter }: Pick<MeterReadings | IdentifiedMeter, 'meter'>,
  paint: Paint,
): string[] {
  const { serialNumber, model, certainty, why, kind, eye, type, softwareRevision } = meter;
  const code = type === null ? 'the meter does not say' : `0x${type.toString(16).padStart(4, '0')}`;
  const facts = [
    ['serial number', serialNumber],
    ['type', code],
    ['model', model === null ? `unknown: ${why}` : `${model} (${why})`],
    ['how sure', certainty],
    ['kind', kind ?? 'unknown'],
    ['software revision', softwareRevision ?? 'unknown'],
    ...eye.map((advice) => ['eye', advice]),
    ...('customerNumber' in meter ? [['customer number', meter.customerNumber ?? 'unknown']] : []),
  ];
  return table(facts, { style: (cell, _row, column) => (column === 0 ? paint('dim', cell) : cell) });
}

/** The lines that are to be printed of a reading. */
type ReadingFormat = (taken: TakenReading) => readonly string[];

/** For one reading after the other: what comes first of all, a header, comes once. */
export const READING_FORMATS: Readonly<Record<'table' | 'json' | 'csv' | 'influx', () => ReadingFormat>> = {
  table: alignedLines,
  json: () => (taken) => [JSON.stringify(readingsJson(taken))],
  csv: () => inColumns((time, cells) => csvLine([time, ...cells])),
  influx: () => influxLines,
};

function alignedLines(): ReadingFormat {
  let widths: readonly number[] = [];
  return inColumns((time, cells) => {
    widths = cells.map((cell, column) => Math.max(cell.length, widths[column] ?? 0));
    // Local time, without an offset.
    const when = time.slice(0, 19).replace('T', ' ').padEnd(19);
    return [when, ...cells.map((cell, column) => cell.padStart(widths[column] ?? 0))].join('  ').trimEnd();
  });
}

function inColumns(line: (time: string, cells: readonly string[]) => string): ReadingFormat {
  const columns = new ReadingColumns();
  return ({ meter, readAt, readings }) => {
    const { labels, cells, isNew } = columns.row(readings);
    const header = isNew ? [line('time', ['serial_number', ...labels])] : [];
    return [...header, line(momentText(readAt) ?? '', [meter.serialNumber, ...cells])];
  };
}

/** A reading in InfluxDB's line protocol, in milliseconds: a line a reply, without what InfluxDB could not keep. */
function influxLines({ meter, certainModel, readings }: TakenReading): readonly string[] {
  const tags = [
    ['serial_number', meter.serialNumber],
    ['model', certainModel ?? ''],
  ] as const;
  return Array.from(byMoment(readings), ([time, values]) => {
    const fields = values.map(fieldOf).filter((field) => field !== undefined);
    // Without a time InfluxDB takes the one at which the line arrives.
    return linePoint({ measurement: 'multical', tags, fields, time: isWallTime(time) ? time : null });
  }).filter((line) => line !== undefined);
}

interface ReadingRow {
  /** `heat_energy (GJ)` */
  readonly labels: readonly string[];
  /** One for each label; empty where this reading has no such value, whatever the one before had. */
  readonly cells: readonly string[];
  /** The labels are not those of the row before. */
  readonly isNew: boolean;
}

/** Puts readings into columns. The unit belongs to the column: in another unit, a quantity is another column. */
class ReadingColumns {
  private labels: readonly string[] = [];

  row(readings: readonly Reading[]): ReadingRow {
    const values = new Map(readings.map((each) => [labelOf(each), readingValueText(each.value) ?? '']));
    const added = Array.from(values.keys()).filter((label) => !this.labels.includes(label));
    this.labels = [...this.labels, ...added];
    const cells = this.labels.map((label) => values.get(label) ?? '');
    return { labels: this.labels, cells, isNew: added.length > 0 };
  }
}

function labelOf({ quantity, unit }: Reading): string {
  return unit === '' ? quantity : `${quantity} (${unit})`;
}
