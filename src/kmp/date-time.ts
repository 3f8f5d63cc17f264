import { toUnsigned } from './bytes.ts';

/** A meter's date and time. The meter knows no time zone: whoever shows it must know the place. */
export interface DateTime {
  /** As the meter's display shows it (`2026-01-23T19:19:47`), or null where it was never set. */
  readonly value: string | null;
  /** Minutes of daylight saving that are contained in `value`. */
  readonly daylightSaving: number;
}

const MINUTE = 60_000;
const START_OF_2000 = Date.UTC(2000, 0, 1);

/** `value` ends in the digits MMDD. Null for a month or day of zero ("never") and for dates that do not exist. */
export function calendarDate(year: number, value: bigint): string | null {
  const iso = isoDate(year, Number((value / 100n) % 100n), Number(value % 100n));
  return year >= 1 && year <= 9999 && isRealDate(iso) ? iso : null;
}

/** Decimal MMDD, for the yearly target date. */
export function monthDay(value: bigint): string | null {
  // 2024 is a leap year, so that 29 February passes.
  return value > 1231n ? null : (calendarDate(2024, value)?.slice(5) ?? null);
}

/** Decimal hhmmss. */
export function clockTime(value: bigint): string | null {
  const iso = isoTime(Number(value / 10000n), Number((value / 100n) % 100n), Number(value % 100n));
  return isRealDateTime(`2000-01-01T${iso}`) ? iso : null;
}

/**
 * Unit 79: daylight saving in minutes, then YY MM DD hh mm ss in binary. The fields hold standard time;
 * LogView shows 3C 1A 04 15 0C 07 1E as 13:07:30 (jktjkt/PyKMP), so the display adds the first byte.
 */
export function standardDateTime(bytes: Uint8Array): DateTime | undefined {
  const [daylightSaving = 0, year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = bytes;
  if (bytes.length !== 7) return undefined;
  return displayed(year, month, day, isoTime(hour, minute, second), daylightSaving);
}

/** Units 53 and 63: flags (bit 0: daylight saving), weekday, ss mm hh DD MM YY in binary, standard time. */
export function realTimeClock(bytes: Uint8Array): DateTime | undefined {
  const [flags = 0, , second = 0, minute = 0, hour = 0, day = 0, month = 0, year = 0] = bytes;
  if (bytes.length !== 8) return undefined;
  return displayed(year, month, day, isoTime(hour, minute, second), flags & 1 ? 60 : 0);
}

/** Unit 72: a flag byte and the seconds since 2000-01-01; no seconds at all is "never". */
export function secondsSince2000(bytes: Uint8Array): DateTime | undefined {
  if (bytes.length !== 5) return undefined;
  const seconds = Number(toUnsigned(bytes.subarray(1)));
  return { value: seconds === 0 ? null : isoWithoutZone(START_OF_2000 + seconds * 1000), daylightSaving: 0 };
}

function displayed(
  year: number,
  month: number,
  day: number,
  time: string,
  daylightSaving: number,
): DateTime | undefined {
  if (month === 0 || day === 0) return { value: null, daylightSaving: 0 };
  const standard = `${isoDate(2000 + year, month, day)}T${time}`;
  if (!isRealDateTime(standard)) return undefined;
  return { value: isoWithoutZone(Date.parse(`${standard}Z`) + daylightSaving * MINUTE), daylightSaving };
}

function isoDate(year: number, month: number, day: number): string {
  return `${String(year).padStart(4, '0')}-${twoDigits(month)}-${twoDigits(day)}`;
}

function isoTime(hour: number, minute: number, second: number): string {
  return [hour, minute, second].map(twoDigits).join(':');
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

function isRealDate(iso: string): boolean {
  return isRealDateTime(`${iso}T00:00:00`);
}

/** Only what reads the same after a round trip exists: 30 February and 24:00 do not. */
function isRealDateTime(iso: string): boolean {
  const time = Date.parse(`${iso}Z`);
  return !Number.isNaN(time) && isoWithoutZone(time) === iso;
}

function isoWithoutZone(time: number): string {
  return new Date(time).toISOString().slice(0, 19);
}
