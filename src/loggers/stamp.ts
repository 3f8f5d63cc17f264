import { R } from '../catalogue/register.ts';
import { clockTime, decodeRegisterValue, magnitudeOf, type RegisterRecord } from '../kmp/register.ts';
import { momentOf, momentsOf, standardOffsetAt } from '../shared/zoned-time.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
/** hhmmss, from which on it is the beginning of the next day. */
const MIDNIGHT = 240_000n;

/** A time by the meter's own clock, which knows no zone. */
export interface Stamp {
  /** As its display shows it: `2026-01-01T00:00:04`. */
  readonly shown: string;
  /** Minutes of daylight saving in it; null where the meter does not say. */
  readonly daylightSaving: number | null;
}

/** How a meter's clock is set. */
export interface ClockRules {
  /** Where the meter is: an IANA name, or empty for the system's. */
  readonly timezone: string;
  /** It stays at the place's standard time all year. */
  readonly keepsWinterTime: boolean;
}

/** A date alone is its beginning. Null where none of the registers tells a time, or it was never set. */
export function stampIn(records: readonly RegisterRecord[]): Stamp | null {
  const find = (id: number): RegisterRecord | undefined => records.find((record) => record.id === id);
  const [whole, date, clock] = [find(R.dateTime), find(R.date), find(R.clock)];
  if (whole !== undefined) {
    const value = decodeRegisterValue(whole);
    const isSet = value.kind === 'date-time' && value.value !== null;
    return isSet ? { shown: value.value, daylightSaving: value.daylightSaving } : null;
  }
  const day = date === undefined ? undefined : decodeRegisterValue(date);
  if (day?.kind !== 'date' || day.value === null) return null;
  if (clock === undefined) return { shown: `${day.value}T00:00:00`, daylightSaving: null };
  return withTime(day.value, magnitudeOf(clock));
}

/** Some meters end a day at 24:00 of it, where others begin the next one (TD403 p. 45). */
function withTime(day: string, hhmmss: bigint): Stamp | null {
  const isEnd = hhmmss >= MIDNIGHT;
  const time = clockTime(isEnd ? hhmmss - MIDNIGHT : hhmmss);
  if (time === null) return null;
  const date = isEnd ? new Date(Date.parse(day) + DAY).toISOString().slice(0, 10) : day;
  return { shown: `${date}T${time}`, daylightSaving: null };
}

/** Every moment that a meter may mean, ascending: two within the hour that comes twice in autumn. */
export function momentsMeant(
  { shown, daylightSaving }: Stamp,
  { timezone, keepsWinterTime }: ClockRules,
): readonly number[] {
  const asUtc = Date.parse(`${shown}Z`);
  if (daylightSaving !== null || keepsWinterTime)
    return [asUtc - (daylightSaving ?? 0) * MINUTE - standardOffsetAt(asUtc, timezone)];
  const moments = momentsOf(shown, timezone);
  return moments.length > 0 ? moments : [momentOf(shown, timezone)];
}
