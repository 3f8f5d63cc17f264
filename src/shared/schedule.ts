import { createTask, parse, validate } from 'node-cron';

export const DAY = 86_400_000;
const WEEK = 7;
/** A leap year; with it every date and, over its weeks, every day of the week comes. */
const FIRST_DAY = Date.UTC(2028, 0, 1);
const DAYS = 366;
const NOON = DAY / 2;

/**
 * Readings a day that cron expressions ask for, on average over the busiest seven days of a year. Times at which
 * several of them fire count as one reading.
 */
export function readingsADay(expressions: readonly string[]): number {
  const schedules = expressions.map((expression) => ({
    times: timesOfDay(expression),
    days: daysOfYear(expression),
  }));
  const counted = new Map<string, number>();
  const perDay = Array.from({ length: DAYS }, (_, day) => {
    const due = schedules.filter(({ days }) => days[day]);
    const key = due.map((schedule) => schedules.indexOf(schedule)).join();
    const readings = counted.get(key) ?? new Set(due.flatMap(({ times }) => times)).size;
    counted.set(key, readings);
    return readings;
  });
  const weeks = perDay.slice(WEEK - 1).map((_, first) => sum(perDay.slice(first, first + WEEK)));
  return Math.max(...weeks) / WEEK;
}

/** In seconds from midnight. */
export function timesOfDay(expression: string): readonly number[] {
  const { hour, minute, second } = parse(expression);
  return hour.flatMap((h) => minute.flatMap((m) => second.map((s) => (h * 60 + m) * 60 + s)));
}

export function daysOfYear(expression: string): readonly boolean[] {
  const isOn = daysOf(expression);
  return Array.from({ length: DAYS }, (_, day) => isOn(FIRST_DAY + day * DAY));
}

/** Tells whether it fires on the date that begins there, in UTC. Asks node-cron itself, in a zone without summer time. */
export function daysOf(expression: string): (midnight: number) => boolean {
  const date = expression.trim().split(/\s+/).slice(-3).join(' ');
  const task = createTask(`0 0 12 ${date}`, () => {}, { timezone: 'UTC' });
  // It is never started; node-cron's list of tasks would keep it for ever.
  void task.destroy();
  return (midnight) => task.match(new Date(midnight + NOON));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** Calls `action` at the times of a cron expression; the returned function ends it. */
export type Schedule = (expression: string, timezone: string, action: () => void) => () => void;

/** Five or six fields, as node-cron reads them. */
export function isCronExpression(expression: string): boolean {
  return validate(expression);
}
