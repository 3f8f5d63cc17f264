import type { Clock } from '../shared/clock.ts';
import { isWallTime, UNKNOWN_MOMENT, wallTime } from '../shared/credible-clock.ts';
import { fieldsOf, membersOf } from '../shared/stored.ts';
import type { LocalDay } from '../shared/zoned-time.ts';
import type { BatteryUse } from './publisher.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const DAYS_OF_WEEK = 7;
/** As many as are shown at most. */
const DAYS_KEPT = 4 * DAYS_OF_WEEK;

/** The first 24 hours of a program whose clock is not set. */
const FIRST_UNDATED = '1970-01-01';

export const NO_USE: BatteryUse = { readings: 0, transactions: 0, wakeUps: 0, bytes: 0, awakeTime: 0 };

interface BatteryDay extends BatteryUse {
  /** ISO 8601. */
  readonly date: string;
}

/** Adds up by local day what the readings of one meter cost its battery. */
export class BatteryAccount {
  private readonly days: Map<string, BatteryUse>;
  /** Undefined while the account is empty. */
  since: number | undefined;

  /** `remembered`: what `toRemember` gave in an earlier run, or anything a file may hold. */
  constructor(remembered?: unknown) {
    const { since, days } = fieldsOf(remembered);
    if (isAmount(since)) this.since = isWallTime(since) ? since : UNKNOWN_MOMENT;
    const uses = membersOf(days, (use, date) => (isDate(date) ? restoreUse(use) : undefined));
    this.days = new Map(Object.entries(uses));
  }

  get isEmpty(): boolean {
    return this.days.size === 0;
  }

  add(date: string, use: BatteryUse, now: number): void {
    this.since ??= now;
    this.days.set(date, sum([this.of(date), use]));
    for (const dates of [this.dates(isDated), this.undated])
      for (const old of dates.slice(0, -DAYS_KEPT)) this.days.delete(old);
  }

  /**
   * Makes the account fit the clock: days that were counted while it was not set become the latest ones up to today,
   * days in the future go. Returns those that went.
   */
  fitTo({ date }: LocalDay, clock: Pick<Clock, 'now' | 'monotonic'>): readonly string[] {
    const now = clock.now();
    if (!isWallTime(now)) return [];
    for (const [index, day] of this.undated.reverse().entries()) {
      const use = this.of(day);
      this.days.delete(day);
      this.add(dateBefore(date, index), use, now);
    }
    const future = this.dates((day) => day > date);
    for (const day of future) this.days.delete(day);
    this.since = this.beginning(wallTime(this.since ?? null, clock), now);
    return future;
  }

  /** Undefined while nothing is counted. Where it cannot have been when it is said, the oldest day tells. */
  private beginning(said: number | null, now: number): number | undefined {
    const [oldest] = this.dates(isDated);
    if (oldest === undefined) return undefined;
    return said !== null && said <= now ? said : Math.min(Date.parse(oldest), now);
  }

  /** Adds costs that arose before it was known which meter bears them. */
  addAll(other: BatteryAccount, now: number): void {
    for (const [date, use] of other.days) this.add(date, use, now);
  }

  of(date: string): BatteryUse {
    return this.days.get(date) ?? NO_USE;
  }

  /** Those that count against the limit of `date`. Without a date it may still be the day that was counted last. */
  readingsOn(date: string): number {
    const last = date === FIRST_UNDATED ? this.dates(isDated).at(-1) : undefined;
    return this.of(date).readings + (last === undefined ? 0 : this.of(last).readings);
  }

  /** Covers `date` and the six days before it. */
  weekTo(date: string): BatteryUse {
    const first = dateBefore(date, DAYS_OF_WEEK - 1);
    const days = Array.from(this.days).filter(([day]) => day >= first && day <= date);
    return sum(days.map(([, use]) => use));
  }

  /** Each day up to `date`, oldest first, from the first one that is kept of the last four weeks. */
  daysTo(date: string): readonly BatteryDay[] {
    const window = Array.from({ length: DAYS_KEPT }, (_, index) => dateBefore(date, index)).reverse();
    const first = window.findIndex((day) => this.days.has(day));
    const known = first < 0 ? window.slice(-1) : window.slice(first);
    return known.map((day) => ({ date: day, ...this.of(day) }));
  }

  /** Milliseconds since the first cost of this meter. */
  age(now: number): number {
    return now - (this.since ?? now);
  }

  /** Readings an hour in the last seven days, or in the time since the account began, but at least a day. */
  readingsAnHour({ date, hours }: LocalDay, now: number): number {
    const known = this.age(now) / HOUR;
    const inWeek = (DAYS_OF_WEEK - 1) * 24 + hours;
    return this.weekTo(date).readings / Math.max(24, Math.min(known, inWeek));
  }

  toRemember(): unknown {
    return { since: this.since, days: Object.fromEntries(this.days) };
  }

  /** In order. */
  private dates(which: (date: string) => boolean): string[] {
    return Array.from(this.days.keys()).filter(which).sort();
  }

  /** Days of a clock that was not set, counted from the start of the program. */
  private get undated(): string[] {
    return this.dates((day) => !isDated(day));
  }
}

function isDated(date: string): boolean {
  return isWallTime(Date.parse(date));
}

function dateBefore(date: string, days: number): string {
  return new Date(Date.parse(date) - days * DAY).toISOString().slice(0, date.length);
}

function sum(uses: readonly BatteryUse[]): BatteryUse {
  return uses.reduce(
    (total, use) => ({
      readings: total.readings + use.readings,
      transactions: total.transactions + use.transactions,
      wakeUps: total.wakeUps + use.wakeUps,
      bytes: total.bytes + use.bytes,
      awakeTime: total.awakeTime + use.awakeTime,
    }),
    NO_USE,
  );
}

function restoreUse(use: unknown): BatteryUse {
  const found = fieldsOf(use);
  const amount = (name: keyof BatteryUse): number => {
    const value = found[name];
    return isAmount(value) ? value : 0;
  };
  return {
    readings: amount('readings'),
    transactions: amount('transactions'),
    wakeUps: amount('wakeUps'),
    bytes: amount('bytes'),
    awakeTime: amount('awakeTime'),
  };
}

function isDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));
}

function isAmount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
