import { loggedReadings } from '../../loggers/logged-readings.ts';
import type { LoggedRow } from '../../loggers/logged-row.ts';
import type { MeterIdentity } from '../../meter/publisher.ts';
import { readingValueText } from '../../readings/reading.ts';
import { momentText } from '../../shared/credible-clock.ts';
import { csvLine, type FileRows } from './rows.ts';

/** What tells a value of a log from every other one comes first: see `keyOf`. */
const HEADER = csvLine(['id', 'meter_time', 'quantity', 'value', 'unit', 'time', 'serial_number', 'name']);

/** A file for each logger of a meter, `84968362-day-log.csv`, apart from the daily ones: a row a value. */
export function logRows(
  { serialNumber, name }: Pick<MeterIdentity, 'serialNumber' | 'name'>,
  logged: readonly LoggedRow[],
): readonly FileRows[] {
  const files = new Map<string, string[]>();
  for (const row of logged.toSorted((a, b) => a.id - b.id)) {
    const file = `${serialNumber}-${row.logger}-log.csv`;
    const rows = files.get(file) ?? [];
    files.set(file, rows);
    const time = row.endedAt === null ? '' : (momentText(row.endedAt) ?? '');
    for (const { quantity, value, unit } of loggedReadings(row)) {
      const text = readingValueText(value);
      const key = [String(row.id), row.meterTime ?? '', quantity];
      if (text !== null) rows.push(csvLine([...key, text, unit, time, serialNumber, name]));
    }
  }
  return Array.from(files, ([file, rows]) => ({ file, header: HEADER, rows, keyOf })).filter(
    ({ rows }) => rows.length > 0,
  );
}

/** The number of a row is not enough: a meter that was reset begins to count anew. */
function keyOf(line: string): string {
  return line.split(',', 3).join();
}
