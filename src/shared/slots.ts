import { type CronTimes, cronTimes } from './cron-times.ts';
import { localDate, momentOf, offsetAt } from './zoned-time.ts';

const HOUR = 3_600_000;
const DAY = 86_400_000;
/** Until every 29 February has come, also around a century that has none. */
const HORIZON = 8 * 366 + 1;
const KEPT_DAYS = 4;

/** The slots of one date: `begin` and each of `offsets` together. */
interface SlotsOfDay {
  readonly begin: number;
  /** In order, from 0 on or later. */
  readonly offsets: readonly number[];
}

const NONE: SlotsOfDay = { begin: 0, offsets: [] };

/**
 * The moments at which a cron expression wants something, in a time zone whose clocks may change. Pure: what comes next
 * follows from a moment alone, however it was reached, and costs the same over a second as over a century.
 *
 * An interval counts in true time from its first time of each day on, so that its distances stay equal through a
 * change of the clocks; only the last one of such a day is shorter where the day is no multiple of it. A time of day
 * comes exactly once on each day: the first of two, and at the end of the gap where it is left out. An interval that
 * holds for some hours only goes on while the clock shows these hours.
 */
export class Slots {
  private readonly cron: CronTimes;
  private readonly timezone: string;
  /** Offsets of a day without a change, where the expression is an interval. */
  private readonly sinceFirst: readonly number[];
  private readonly days = new Map<string, SlotsOfDay>();
  private recent = NONE;

  /** `timezone`: an IANA name, or empty for the system's. Moments are milliseconds since 1970. */
  constructor(expression: string, timezone: string) {
    this.cron = cronTimes(expression);
    this.timezone = timezone;
    const [first = 0] = this.cron.times;
    this.sinceFirst = this.cron.times.map((time) => time - first);
  }

  /** The first slot after `moment`; undefined: there is none for years. */
  next(moment: number): number | undefined {
    return this.isWithinRecent(moment) ? after(this.recent, moment) : this.find(moment, 1, after);
  }

  /** The last slot that is not after `moment`; undefined: there was none for years. */
  latest(moment: number): number | undefined {
    return this.isWithinRecent(moment) ? upTo(this.recent, moment) : this.find(moment, -1, upTo);
  }

  /** How late a slot may still be taken: half the distance to the nearest other one, an hour at most. */
  patience(slot: number): number {
    const before = this.latest(slot - 1) ?? Number.NEGATIVE_INFINITY;
    const next = this.next(slot) ?? Number.POSITIVE_INFINITY;
    return Math.min((slot - before) / 2, (next - slot) / 2, HOUR);
  }

  /** Most moments lie between two slots of the day that was looked at last: no date is needed for these. */
  private isWithinRecent(moment: number): boolean {
    const { begin, offsets } = this.recent;
    const [first, last] = [offsets[0], offsets.at(-1)];
    return first !== undefined && last !== undefined && moment >= begin + first && moment < begin + last;
  }

  /** Goes from date to date. */
  private find(moment: number, step: 1 | -1, search: typeof after): number | undefined {
    // A day's interval may reach over midnight.
    let date = neighbour(localDate(moment, this.timezone), step === 1 ? -1 : 0);
    for (let day = 0; day <= HORIZON; day++, date = neighbour(date, step)) {
      const slots = this.slotsOf(date);
      const slot = search(slots, moment);
      if (slot === undefined) continue;
      this.recent = slots;
      return slot;
    }
    return undefined;
  }

  private slotsOf(date: string): SlotsOfDay {
    const known = this.days.get(date);
    if (known !== undefined) return known;
    if (!this.cron.isOn(midnightInUtc(date))) return NONE;
    if (this.days.size >= KEPT_DAYS) this.days.clear();
    const { period } = this.cron;
    const slots = period === undefined ? this.timesOf(date) : this.intervalOf(date, period);
    this.days.set(date, slots);
    return slots;
  }

  private intervalOf(date: string, period: number): SlotsOfDay {
    const tomorrow = neighbour(date, 1);
    const begin = this.firstOf(date);
    const end = this.cron.isOn(midnightInUtc(tomorrow))
      ? this.firstOf(tomorrow)
      : momentOf(`${tomorrow}T00:00:00`, this.timezone);
    const length = end - begin;
    if (length === DAY) return { begin, offsets: this.sinceFirst };
    const pattern = this.sinceFirst.filter((offset) => offset < period);
    const periods = Array.from({ length: Math.ceil(length / period) }, (_, index) => index * period);
    const offsets = periods.flatMap((passed) => pattern.map((offset) => passed + offset));
    return { begin, offsets: offsets.filter((offset) => offset < length) };
  }

  private firstOf(date: string): number {
    const [first = 0] = this.cron.times;
    return momentOf(`${date}T${new Date(first).toISOString().slice(11, 19)}`, this.timezone);
  }

  private timesOf(date: string): SlotsOfDay {
    const { timezone } = this;
    const midnight = midnightInUtc(date);
    const begin = momentOf(`${date}T00:00:00`, timezone);
    const end = momentOf(`${neighbour(date, 1)}T00:00:00`, timezone);
    // With the one at its end, too: the hour that it leaves out may be the last of this day.
    const change = changeWithin(begin - 1, end, timezone);
    if (change === undefined) return { begin, offsets: this.cron.times };
    const slots = this.timesAround(midnight, change);
    return { begin, offsets: slots.map((slot) => slot - begin) };
  }

  /** The times of a day on which the clocks are changed. `midnight`: of the date in UTC. */
  private timesAround(midnight: number, { at, before, after }: Change): readonly number[] {
    const slots = new Set<number>();
    const lost: number[] = [];
    for (const time of this.cron.times) {
      const [early, late] = [midnight + time - before, midnight + time - after];
      const distance = this.cron.distanceAt(time) ?? Number.POSITIVE_INFINITY;
      if (early < at) slots.add(early);
      if (late >= at && (early >= at || distance <= before - after)) slots.add(late);
      if (early >= at && late < at) lost.push(distance);
    }
    const follows = (distance: number): boolean =>
      [...slots].some((slot) => slot >= at && slot < at + distance);
    // Of an interval that goes on at once nothing is missing.
    if (lost.some((distance) => distance === Number.POSITIVE_INFINITY || !follows(distance))) slots.add(at);
    return [...slots].sort((a, b) => a - b);
  }
}

/** The clocks of a place are put forward or back. */
interface Change {
  /** The first moment that they show by the new offset. */
  readonly at: number;
  /** Milliseconds ahead of UTC. */
  readonly before: number;
  readonly after: number;
}

function changeWithin(from: number, to: number, timezone: string): Change | undefined {
  const [before, after] = [offsetAt(from, timezone), offsetAt(to, timezone)];
  if (before === after) return undefined;
  let [last, at] = [from, to];
  while (at - last > 1) {
    const middle = Math.floor((last + at) / 2);
    if (offsetAt(middle, timezone) === before) last = middle;
    else at = middle;
  }
  return { at, before, after };
}

/** The first slot of a day after `moment`. */
function after({ begin, offsets }: SlotsOfDay, moment: number): number | undefined {
  const offset = offsets[countUpTo(offsets, moment - begin)];
  return offset === undefined ? undefined : begin + offset;
}

/** The last slot of a day that is not after `moment`. */
function upTo({ begin, offsets }: SlotsOfDay, moment: number): number | undefined {
  const offset = offsets[countUpTo(offsets, moment - begin) - 1];
  return offset === undefined ? undefined : begin + offset;
}

/** How many of `numbers`, which are in order, are not above `limit`. */
function countUpTo(numbers: readonly number[], limit: number): number {
  let [from, to] = [0, numbers.length];
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    if ((numbers[middle] ?? 0) <= limit) from = middle + 1;
    else to = middle;
  }
  return from;
}

function neighbour(date: string, days: number): string {
  return new Date(midnightInUtc(date) + days * DAY).toISOString().slice(0, 10);
}

function midnightInUtc(date: string): number {
  return Date.parse(`${date}T00:00:00Z`);
}
