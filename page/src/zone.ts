/** Days, months and years as they begin where the meter is, whatever the browser's own zone. */

export type Unit = 'hour' | 'day' | 'month' | 'year';
interface Fields {
  readonly year: number;
  /** From 0. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const formats = new Map<string, Intl.DateTimeFormat>();

function fieldsAt(time: number, zone: string): Fields {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-u-ca-gregory', {
      ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' },
      hourCycle: 'h23',
      timeZone: zone,
    });
    formats.set(zone, format);
  }
  const parts = Object.fromEntries(
    format.formatToParts(time).map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = parts;
  return { year, month: month - 1, day, hour, minute };
}

/** What the clocks there are ahead of UTC's. */
function offsetAt(time: number, zone: string): number {
  const { year, month, day, hour, minute } = fieldsAt(time, zone);
  return Date.UTC(year, month, day, hour, minute) + (time % MINUTE) - time;
}

/** When the clocks there show it. */
function timeOf({ year, month, day, hour, minute }: Fields, zone: string): number {
  const shown = Date.UTC(year, month, day, hour, minute);
  // Twice, since the first guess may lie on the other side of a change of the clock.
  return shown - offsetAt(shown - offsetAt(shown, zone), zone);
}

/** The beginning of the hour, day, month or year that `time` is in, `later` of them on. */
export function startOf(unit: Unit, time: number, zone: string, later = 0): number {
  if (unit === 'hour') return time - ((time + offsetAt(time, zone)) % HOUR) + later * HOUR;
  const { year, month, day } = fieldsAt(time, zone);
  const fields = {
    year: year + (unit === 'year' ? later : 0),
    month: unit === 'year' ? 0 : month + (unit === 'month' ? later : 0),
    day: unit === 'day' ? day + later : 1,
    hour: 0,
    minute: 0,
  };
  return timeOf(fields, zone);
}

/** What the calendar and the clocks there call that hour, day, month or year: ISO 8601 as far as it matters. */
export function nameOf(unit: Unit, time: number, zone: string, yearsLater = 0): string {
  const { year, month, day, hour, minute } = fieldsAt(time, zone);
  const all = [year + yearsLater, month + 1, day, hour, minute];
  return all.slice(0, { year: 1, month: 2, day: 3, hour: 5 }[unit]).join('-');
}

/** The same day and hour a year before; the 29th of February becomes the 1st of March. */
export function yearBefore(time: number, zone: string): number {
  const fields = fieldsAt(time, zone);
  return timeOf({ ...fields, year: fields.year - 1 }, zone) + (time % MINUTE);
}
