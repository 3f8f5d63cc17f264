import { zonedTime } from './zoned-time.ts';

/** ISO 8601 in the system's time zone, with its offset: `2026-03-01T06:30:00.000+01:00`. `time`: ms since 1970. */
export function localTime(time: number): string {
  return zonedTime(time, '');
}
