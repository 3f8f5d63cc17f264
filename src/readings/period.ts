import { localDate, momentOf } from '../shared/zoned-time.ts';

export type PeriodName = 'day' | 'month' | 'year';

/** A day, month or year of the calendar. Times in milliseconds since 1970. */
export interface Period {
  /** Its first date. */
  readonly key: string;
  readonly begins: number;
  readonly ends: number;
}

/** The period that `time` lies in, from midnight to midnight of the place. */
export function periodAt(name: PeriodName, time: number, timezone: string): Period {
  const [year = 0, month = 0, day = 0] = localDate(time, timezone).split('-').map(Number);
  const first = { day: [year, month, day], month: [year, month, 1], year: [year, 1, 1] }[name];
  const next = {
    day: [year, month, day + 1],
    month: [year, month + 1, 1],
    year: [year + 1, 1, 1],
  }[name];
  const [key, keyOfNext] = [dateOf(first), dateOf(next)];
  return { key, begins: midnight(key, timezone), ends: midnight(keyOfNext, timezone) };
}

/** Months and days beyond the last one lead over. */
function dateOf([year = 0, month = 0, day = 0]: readonly number[]): string {
  return new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10);
}

function midnight(date: string, timezone: string): number {
  return momentOf(`${date}T00:00:00`, timezone);
}
