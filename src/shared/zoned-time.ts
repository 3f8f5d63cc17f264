const MINUTE = 60_000;
const DAY = 86_400_000;
const SECOND = 1000;

/**
 * Local times of a place. `timezone`: an IANA name, or empty for the system's. Uses the engine's own Intl: luxon asks
 * the same Intl, and would cost 4.5 MB on disk and memory besides.
 */

/** Milliseconds by which the place's clocks are ahead of UTC. `time`: milliseconds since 1970. */
export function offsetAt(time: number, timezone: string): number {
  if (timezone === '') return -new Date(time).getTimezoneOffset() * MINUTE;
  const parts = formatOf(timezone).formatToParts(time);
  const field = (type: Intl.DateTimeFormatPartTypes): number =>
    Number(parts.find((part) => part.type === type)?.value);
  const [year, month, day] = [field('year'), field('month') - 1, field('day')];
  const shown = Date.UTC(year, month, day, field('hour'), field('minute'), field('second'));
  return shown - Math.floor(time / SECOND) * SECOND;
}

/** ISO 8601 with offset: `2026-03-01T06:30:00.000+01:00`. */
export function zonedTime(time: number, timezone: string): string {
  const offset = offsetAt(time, timezone);
  const local = new Date(time + offset).toISOString().slice(0, -1);
  const minutes = Math.abs(offset) / MINUTE;
  return `${local}${offset < 0 ? '-' : '+'}${twoDigits(minutes / 60)}:${twoDigits(minutes % 60)}`;
}

/** The date that a calendar shows there: `2026-03-01`. */
export function localDate(time: number, timezone: string): string {
  return zonedTime(time, timezone).slice(0, 10);
}

/**
 * Every moment at which the clocks there show `local` (`2026-03-01T06:30:00`), in order: none within the hour that is
 * left out in spring, two within the one that comes twice in autumn.
 */
export function momentsOf(local: string, timezone: string): readonly number[] {
  const asUtc = Date.parse(`${local}Z`);
  const offsets = new Set([offsetAt(asUtc - DAY, timezone), offsetAt(asUtc + DAY, timezone)]);
  return Array.from(offsets, (offset) => asUtc - offset)
    .filter((moment) => moment + offsetAt(moment, timezone) === asUtc)
    .sort((a, b) => a - b);
}

/**
 * The one moment of `local`. Of two it is the first. A time that is left out is read as if the clocks had not changed
 * yet, so that a midnight that is left out is the moment of the change.
 */
export function momentOf(local: string, timezone: string): number {
  const asUtc = Date.parse(`${local}Z`);
  return momentsOf(local, timezone)[0] ?? asUtc - offsetAt(asUtc - DAY, timezone);
}

/** Milliseconds by which the place's standard time (that of winter) is ahead of UTC, in the year of `time`. */
export function standardOffsetAt(time: number, timezone: string): number {
  const year = new Date(time).getUTCFullYear();
  return Math.min(offsetAt(Date.UTC(year, 0, 1), timezone), offsetAt(Date.UTC(year, 6, 1), timezone));
}

/** Making a format is far slower than using it. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const number = 'numeric' as const;
  const fields = { year: number, month: number, day: number, hour: number, minute: number, second: number };
  const format = new Intl.DateTimeFormat('en', {
    timeZone,
    hourCycle: 'h23',
    calendar: 'iso8601',
    ...fields,
  });
  formats.set(timeZone, format);
  return format;
}

function twoDigits(value: number): string {
  return String(Math.trunc(value)).padStart(2, '0');
}

export interface LocalDay {
  /** `2026-03-29` */
  readonly date: string;
  /** Since midnight, with fractions, as clocks on the wall show it. */
  readonly hours: number;
}

/** `time`: ms since 1970. `timezone`: an IANA name, or empty for the system's. */
export function localDay(time: number, timezone: string): LocalDay {
  const [date = '', clock = ''] = zonedTime(time, timezone).split('T');
  const [hour = 0, minute = 0, second = 0] = clock.slice(0, 8).split(':').map(Number);
  return { date, hours: hour + minute / 60 + second / 3600 };
}

/** ISO 8601 in the system's time zone, with its offset: `2026-03-01T06:30:00.000+01:00`. `time`: ms since 1970. */
export function localTime(time: number): string {
  return zonedTime(time, '');
}
