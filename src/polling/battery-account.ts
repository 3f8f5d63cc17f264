import type { BatteryUse } from '../publish/publisher.ts';
import type { LocalDay } from '../shared/local-day.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const DAYS_OF_WEEK = 7;
/** Twice of what is asked for: a computer without a battery for its clock begins in 1970, and comes back. */
const DAYS_KEPT = 2 * DAYS_OF_WEEK;

const NO_USE: BatteryUse = { readings: 0, transactions: 0, wakeUps: 0, bytes: 0, awakeTime: 0 };

/** What the readings of one meter cost it, by local day. */
export class BatteryAccount {
  private readonly days: Map<string, BatteryUse>;
  /** The first moment of the account; undefined before it. */
  private since: number | undefined;

  /** `remembered`: what `toRemember` gave in an earlier run, or anything a file may hold. */
  constructor(remembered?: unknown) {
    const { since, days } = isRecord(remembered) ? remembered : {};
    this.since = isAmount(since) ? since : undefined;
    this.days = new Map(
      Object.entries(isRecord(days) ? days : {})
        .filter(([date]) => isDate(date))
        .map(([date, use]) => [date, restoreUse(use)]),
    );
  }

  get isEmpty(): boolean {
    return this.days.size === 0;
  }

  add(date: string, use: BatteryUse, now: number): void {
    this.since ??= now;
    this.days.set(date, sum([this.of(date), use]));
    const oldest = Array.from(this.days.keys()).sort().slice(0, -DAYS_KEPT);
    for (const old of oldest) this.days.delete(old);
  }

  /** Takes over what was spent before it was known which meter spent it. */
  addAll(other: BatteryAccount, now: number): void {
    for (const [date, use] of other.days) this.add(date, use, now);
  }

  of(date: string): BatteryUse {
    return this.days.get(date) ?? NO_USE;
  }

  /** Of `date` and the six days before it. */
  weekTo(date: string): BatteryUse {
    const first = new Date(Date.parse(date) - (DAYS_OF_WEEK - 1) * DAY).toISOString().slice(0, date.length);
    const days = Array.from(this.days).filter(([day]) => day >= first && day <= date);
    return sum(days.map(([, use]) => use));
  }

  /** Readings an hour in the last seven days, or in the time since the account began, but at least a day. */
  readingsAnHour({ date, hours }: LocalDay, now: number): number {
    const known = (now - (this.since ?? now)) / HOUR;
    const inWeek = (DAYS_OF_WEEK - 1) * 24 + hours;
    return this.weekTo(date).readings / Math.max(24, Math.min(known, inWeek));
  }

  toRemember(): unknown {
    return { since: this.since, days: Object.fromEntries(this.days) };
  }
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
  const found = isRecord(use) ? use : {};
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
  return /^\d{4}-\d{2}-\d{2}$/.test(text);
}

function isAmount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
