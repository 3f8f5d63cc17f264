import type { LoggerName } from '../../catalogue/loggers.ts';
import { loggedReadings } from '../../loggers/logged-readings.ts';
import type { LoggedRow } from '../../loggers/logged-row.ts';
import type { Reading } from '../../readings/reading.ts';
import { fieldOf } from './line-protocol.ts';

type Field = readonly [key: string, text: string];

/**
 * What a meter wrote down at the end of a period, in the fields that its readings have, and in one more where it comes
 * from: `day_log=645i` is row 645 of the day log. That is no tag, because InfluxDB 3 takes no tag that the first point did
 * not have; and it is one for each logger, because a day, a month and a year may end at the same moment. No field at all
 * where nothing has a value.
 */
export function loggedFields(row: LoggedRow, shown: (reading: Reading) => Reading): readonly Field[] {
  const values = loggedReadings(row)
    .map(shown)
    .map(fieldOf)
    .filter((field) => field !== undefined);
  return values.length === 0 ? [] : [...values, [logField(row.logger), `${row.id}i`]];
}

export function logField(logger: LoggerName): string {
  return `${logger.replace('-', '_')}_log`;
}
