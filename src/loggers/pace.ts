import { LOGGER, type LoggerName } from '../catalogue/loggers.ts';
import type { SeenClock } from './seen-clock.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How far apart two rows of a logger are that follow each other, in milliseconds. */
interface Pace {
  readonly shortest: number;
  readonly longest: number;
  /** The same in a year whose clocks change, of a clock that is set now and then. */
  readonly tolerance: number;
}

/** Somebody has set how often it writes: some minutes or hours, of what may be a minute to a year. */
const ANY: Pace = { shortest: MINUTE, longest: DAY, tolerance: MINUTE };

/** A second target date of a year or month makes two rows of it (TD403 p. 13). */
const PACES: Readonly<Record<LoggerName, Pace>> = {
  year: { shortest: DAY, longest: 366 * DAY, tolerance: DAY },
  month: { shortest: DAY, longest: 31 * DAY, tolerance: DAY },
  day: { shortest: DAY, longest: DAY, tolerance: 70 * MINUTE },
  hour: { shortest: HOUR, longest: HOUR, tolerance: 20 * MINUTE },
  'minute-1': ANY,
  'minute-2': ANY,
  interval: ANY,
};

/** A meter without power writes nothing meanwhile. Beyond this its clock is thought to have been set. */
const LONGEST_STOP = 62 * DAY;

/** `interval`: what is known of one that somebody has set. */
export function paceOf(logger: LoggerName, interval?: number): Pace {
  const pace = PACES[logger];
  const isSet = LOGGER[logger].endsWith === 'interval' && interval !== undefined;
  return isSet ? { ...pace, shortest: interval, longest: interval } : pace;
}

/** Its periods are whole days. */
export function endsAtMidnight(logger: LoggerName): boolean {
  return LOGGER[logger].endsWith === 'day';
}

/** Its periods end with an hour of the clock. */
export function endsWithAnHour(logger: LoggerName): boolean {
  return LOGGER[logger].endsWith !== 'interval';
}

/** Whether `distance` milliseconds may lie between two rows that are so many numbers apart. `exact`: without a stop. */
export function isPossibleStep(pace: Pace, rows: number, distance: number, exact: boolean): boolean {
  const { shortest, longest, tolerance } = pace;
  if (distance < rows * shortest - tolerance || distance <= 0) return false;
  return distance <= rows * longest + (exact ? tolerance : LONGEST_STOP);
}

/** One row follows the other after the same time, so that numbers alone tell how old a row is. */
export function isSteady(logger: LoggerName): boolean {
  const { shortest, longest } = paceOf(logger);
  return shortest === longest;
}

/** The number of the oldest row that may have ended since then; the lowest there is where that cannot be told. */
export function oldestSince(
  logger: LoggerName,
  newest: number,
  clock: Pick<SeenClock, 'now'> | null,
  since: number | undefined,
): number {
  if (since === undefined || clock === null || !isSteady(logger)) return 0;
  return newest - Math.ceil(Math.max(0, clock.now - since) / paceOf(logger).longest);
}
