import { DAY, daysOfYear, timesOfDay } from './schedule.ts';

const SECOND = 1000;

/** One day on which at least one of the schedules fires. Milliseconds, the first two from its midnight. */
interface DueDay {
  readonly first: number;
  readonly last: number;
  /** The longest distance between two of its times. */
  readonly within: number;
}

/**
 * The longest distance (ms) between two times at which one of the cron expressions fires, nights included. A pause of
 * more than a day (a weekend, a summer) is none of their rhythm, unless they never fire on two days in a row. Infinite
 * where they hardly ever fire.
 */
export function regularDistance(expressions: readonly string[]): number {
  const schedules = expressions.map((expression) => ({
    times: timesOfDay(expression),
    // Most fire on every day, and to ask for each takes a while.
    days: firesDaily(expression) ? undefined : daysOfYear(expression),
  }));
  const days = Math.max(...schedules.map((each) => each.days?.length ?? 0), 2);
  const known = new Map<string, DueDay>();
  const distances = new Set<number>();
  let previous: number | undefined;
  for (let day = 0; day < days; day++) {
    const due = schedules.filter((each) => each.days?.[day] ?? true);
    if (due.length === 0) continue;
    const key = due.map((each) => schedules.indexOf(each)).join();
    const { first, last, within } = known.get(key) ?? dueDay(due.flatMap(({ times }) => times));
    known.set(key, { first, last, within });
    if (within > 0) distances.add(within);
    if (previous !== undefined) distances.add(day * DAY + first - previous);
    previous = day * DAY + last;
  }
  if (distances.size === 0) return Number.POSITIVE_INFINITY;
  const regular = [...distances].filter((distance) => distance <= DAY);
  return Math.max(...(regular.length > 0 ? regular : distances));
}

function firesDaily(expression: string): boolean {
  return expression
    .trim()
    .split(/\s+/)
    .slice(-3)
    .every((field) => field === '*');
}

function dueDay(seconds: readonly number[]): DueDay {
  const times = [...new Set(seconds)].sort((a, b) => a - b).map((time) => time * SECOND);
  const within = times.slice(1).reduce((longest, time, index) => {
    return Math.max(longest, time - (times[index] ?? time));
  }, 0);
  return { first: times[0] ?? 0, last: times.at(-1) ?? 0, within };
}
