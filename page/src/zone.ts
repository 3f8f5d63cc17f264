/** Days, months and years as they begin where the meter is, whatever the browser's own zone. */

export type Unit = 'hour' | 'day' | 'month' | 'year';
interface Fields {
  readonly year: number;
  /** From 0. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function fieldsAt(time: number, zone: string): Fields {
  let format = formats.get(zone);
  if (format === undefined) {
    const numeric = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric' } as const;
    format = new Intl.DateTimeFormat('en-u-ca-gregory', { ...numeric, hourCycle: 'h23', timeZone: zone });
    formats.set(zone, format);
  }
  const parts = Object.fromEntries(
    format.formatToParts(time).map(({ type, value }) => [type, Number(value)]),
  );
  return { year: parts.year ?? 0, month: (parts.month ?? 1) - 1, day: parts.day ?? 1, hour: parts.hour ?? 0 };
}

/** What `time` has passed of UTC's clock in that zone, to the hour. */
function timeOf({ year, month, day, hour }: Fields, zone: string): number {
  const wanted = Date.UTC(year, month, day, hour);
  let time = wanted;
  // Twice, since the first guess may lie on the other side of a change of the clock.
  for (let round = 0; round < 2; round++) {
    const is = fieldsAt(time, zone);
    const within = time % 3_600_000;
    time += wanted - (Date.UTC(is.year, is.month, is.day, is.hour) + within);
  }
  return time;
}

/** The beginning of the hour, day, month or year that `time` is in, `later` of them on. */
export function startOf(unit: Unit, time: number, zone: string, later = 0): number {
  if (unit === 'hour') return Math.floor(time / 3_600_000) * 3_600_000 + later * 3_600_000;
  const { year, month, day } = fieldsAt(time, zone);
  const fields = {
    year: year + (unit === 'year' ? later : 0),
    month: unit === 'year' ? 0 : month + (unit === 'month' ? later : 0),
    day: unit === 'day' ? day + later : 1,
    hour: 0,
  };
  return timeOf(fields, zone);
}

/** The same day and hour a year before; the 29th of February becomes the 1st of March. */
export function yearBefore(time: number, zone: string): number {
  const fields = fieldsAt(time, zone);
  return timeOf({ ...fields, year: fields.year - 1 }, zone) + (time % 3_600_000);
}
