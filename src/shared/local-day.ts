import { zonedTime } from './zoned-time.ts';

export interface LocalDay {
  /** `2026-03-29` */
  readonly date: string;
  /** Since midnight, with fractions, as clocks on the wall show it. */
  readonly hours: number;
}

/** The day that a moment (ms since 1970) belongs to. `timezone`: an IANA name, or empty for the system's. */
export function localDay(time: number, timezone: string): LocalDay {
  const [date = '', clock = ''] = zonedTime(time, timezone).split('T');
  const [hour = 0, minute = 0, second = 0] = clock.slice(0, 8).split(':').map(Number);
  return { date, hours: hour + minute / 60 + second / 3600 };
}
