import type { LoggerName } from '../catalogue/loggers.ts';
import type { MeterCalendar } from './meter-calendar.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** Where one period begins decides where all do. */
const SOME_DAY = Date.UTC(2020, 0, 1);

/** The periods that a logger divides time into: numbered without a gap, one ending where the next one begins. */
export interface Periods {
  /** The number of the period that `time` (milliseconds since 1970) is in. */
  at(time: number): number;
  /** When a period begins. */
  beginning(number: number): number;
}

/** `interval`: minutes, of the loggers whose name does not tell it. */
export function periodsOf(logger: LoggerName, interval: number, calendar: MeterCalendar): Periods {
  switch (logger) {
    case 'year':
      return {
        at: (time) => calendar.shown(time).getUTCFullYear(),
        beginning: (year) => calendar.beginningOf(year, 0, 1),
      };
    case 'month':
      return {
        at: (time) => {
          const shown = calendar.shown(time);
          return shown.getUTCFullYear() * 12 + shown.getUTCMonth();
        },
        beginning: (month) => calendar.beginningOf(Math.floor(month / 12), month % 12, 1),
      };
    case 'day':
      return {
        at: (time) => Math.floor(calendar.shown(time).getTime() / DAY),
        beginning: (day) => {
          const date = new Date(day * DAY);
          return calendar.beginningOf(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate());
        },
      };
    case 'hour':
      return evenPeriods(60 * MINUTE, calendar);
    default:
      return evenPeriods(interval * MINUTE, calendar);
  }
}

/** Those that are equally long, whatever the clock shows. */
function evenPeriods(length: number, calendar: MeterCalendar): Periods {
  const origin = calendar.fullInterval(SOME_DAY, length);
  return {
    at: (time) => Math.floor((time - origin) / length),
    beginning: (number) => origin + number * length,
  };
}
