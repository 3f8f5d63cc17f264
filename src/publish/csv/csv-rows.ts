import type { Reading } from '../../readings/reading.ts';
import { readingValueText } from '../../readings/reading-value.ts';
import { csvLine } from '../../shared/csv-line.ts';
import { localTime } from '../../shared/local-time.ts';
import { localDate } from '../../shared/zoned-time.ts';
import type { MeterIdentity } from '../publisher.ts';
import type { DayRows } from './waiting-rows.ts';

export const CSV_HEADER = csvLine(['time', 'serial_number', 'name', 'quantity', 'value', 'unit']);

/**
 * A row a value, so that a reading of many quantities and one of few fit one header; by days. What has no value has no
 * row.
 */
export function csvRows(
  { serialNumber, name }: Pick<MeterIdentity, 'serialNumber' | 'name'>,
  readings: readonly Reading[],
): readonly DayRows[] {
  const byDate = new Map<string, string[]>();
  for (const { quantity, value, unit, readAt } of readings) {
    const text = readingValueText(value);
    if (text === null) continue;
    const date = localDate(readAt, '');
    const rows = byDate.get(date) ?? [];
    rows.push(csvLine([localTime(readAt), serialNumber, name, quantity, text, unit]));
    byDate.set(date, rows);
  }
  return Array.from(byDate, ([date, rows]) => ({ date, rows }));
}
