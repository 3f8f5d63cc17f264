import type { MeterCounters } from '../link/session.ts';
import type { Deps } from '../shared/deps.ts';
import { fieldsOf, membersOf } from '../shared/stored.ts';
import { type LocalDay, localDay } from '../shared/zoned-time.ts';
import type { MeterSettings } from './config.ts';
import type { BatteryDiagnostics, BatteryUse } from './publisher.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const DAYS_OF_WEEK = 7;
/** Twice as many as are shown: a computer whose clock has no battery begins in 1970, and comes back. */
const DAYS_KEPT = 2 * DAYS_OF_WEEK;

const NO_USE: BatteryUse = { readings: 0, transactions: 0, wakeUps: 0, bytes: 0, awakeTime: 0 };

/** Adds up by local day what the readings of one meter cost its battery. */
export class BatteryAccount {
  private readonly days: Map<string, BatteryUse>;
  /** Undefined while the account is empty. */
  private since: number | undefined;

  /** `remembered`: what `toRemember` gave in an earlier run, or anything a file may hold. */
  constructor(remembered?: unknown) {
    const { since, days } = fieldsOf(remembered);
    this.since = isAmount(since) ? since : undefined;
    const uses = membersOf(days, (use, date) => (isDate(date) ? restoreUse(use) : undefined));
    this.days = new Map(Object.entries(uses));
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

  /** Adds costs that arose before it was known which meter bears them. */
  addAll(other: BatteryAccount, now: number): void {
    for (const [date, use] of other.days) this.add(date, use, now);
  }

  of(date: string): BatteryUse {
    return this.days.get(date) ?? NO_USE;
  }

  /** Covers `date` and the six days before it. */
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
  return /^\d{4}-\d{2}-\d{2}$/.test(text);
}

function isAmount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

/** More readings an hour over a week are worth a warning; the default, with its nightly details, makes 1.04. */
const WORTH_A_WARNING = 1.2;

/** Persists the account, which is undefined until a meter is identified. */
export interface BatteryOwner {
  readonly account: BatteryAccount | undefined;
  remember(): void;
}

type BatterySettings = Pick<MeterSettings, 'name' | 'timezone' | 'mainsPowered' | 'battery'>;

interface BatteryParts extends Pick<Deps, 'clock' | 'logger'> {
  /** The session counts in these, and never backwards. */
  readonly counters: MeterCounters;
  readonly owner: BatteryOwner;
}

interface Spending {
  readonly day: LocalDay;
  from: MeterCounters;
  counted: boolean;
  /** The account on disk that has this reading already. */
  writtenAhead: BatteryAccount | undefined;
}

/** Charges readings to the meter's account, and refuses more than its owner allows on a day. */
export class Battery {
  private readonly settings: BatterySettings;
  private readonly parts: BatteryParts;
  /** Costs that arose before any meter was identified. */
  private unclaimed = new BatteryAccount();
  private spending: Spending | undefined;
  private warnedOn: string | undefined;

  constructor(settings: BatterySettings, parts: BatteryParts) {
    this.settings = settings;
    this.parts = parts;
  }

  /** Null without a limit. */
  get readingsLeftToday(): number | null {
    const { maxReadingsPerDay } = this;
    if (maxReadingsPerDay === null) return null;
    return Math.max(0, maxReadingsPerDay - this.account.of(this.today.date).readings);
  }

  /** The reason why no reading is allowed now; undefined while one is. */
  get refusal(): string | undefined {
    if (this.readingsLeftToday !== 0) return undefined;
    return `The meter has had its ${this.maxReadingsPerDay} readings of today (battery.maxReadingsPerDay); the next one is taken tomorrow.`;
  }

  get today(): LocalDay {
    return localDay(this.parts.clock.now(), this.settings.timezone);
  }

  get diagnostics(): BatteryDiagnostics {
    const { today, account } = this;
    return {
      today: account.of(today.date),
      lastSevenDays: account.weekTo(today.date),
      ratio: account.readingsAnHour(today, this.parts.clock.now()),
      readingsLeftToday: this.readingsLeftToday,
    };
  }

  /** To be called when a reading begins. */
  begin(): void {
    const day = this.today;
    const { counters, owner } = this.parts;
    this.spending = { day, from: { ...counters }, counted: false, writtenAhead: undefined };
    if (this.maxReadingsPerDay === null) return;
    this.writeAhead(day);
    this.spending.writtenAhead = owner.account;
  }

  /** From here on the reading counts for this meter, even if this program is killed in the middle of it. */
  meterIdentified(): void {
    if (this.maxReadingsPerDay === null || this.spending === undefined) return;
    if (this.parts.owner.account === this.spending.writtenAhead) return;
    this.settle();
    this.parts.owner.remember();
  }

  /** Charges what the reading has cost so far to the meter that answers. */
  settle(): void {
    const spending = this.spending;
    if (spending === undefined) return;
    const { clock, counters, owner } = this.parts;
    const now = clock.now();
    const cost = costSince(spending.from, counters);
    // A port that failed before the first request did not wake the meter.
    const readings = !spending.counted && cost.transactions > 0 ? 1 : 0;
    spending.counted ||= readings > 0;
    spending.from = { ...counters };
    if (owner.account !== undefined && !this.unclaimed.isEmpty) {
      owner.account.addAll(this.unclaimed, now);
      this.unclaimed = new BatteryAccount();
    }
    this.account.add(spending.day.date, { ...cost, readings }, now);
  }

  end(): void {
    this.settle();
    this.spending = undefined;
    this.warn();
  }

  private get maxReadingsPerDay(): number | null {
    return this.settings.battery.maxReadingsPerDay;
  }

  private get account(): BatteryAccount {
    return this.parts.owner.account ?? this.unclaimed;
  }

  /** A reading that ends with our own end must count too, or a program that falls again and again reads for ever. */
  private writeAhead({ date }: LocalDay): void {
    const now = this.parts.clock.now();
    const one = { readings: 1, transactions: 0, wakeUps: 0, bytes: 0, awakeTime: 0 };
    this.account.add(date, one, now);
    this.parts.owner.remember();
    this.account.add(date, { ...one, readings: -1 }, now);
  }

  private warn(): void {
    const { name, mainsPowered } = this.settings;
    const { clock, logger } = this.parts;
    const { today } = this;
    const ratio = this.account.readingsAnHour(today, clock.now());
    if (mainsPowered || ratio <= WORTH_A_WARNING || this.warnedOn === today.date) return;
    this.warnedOn = today.date;
    logger.warn(
      `${name}: in the last seven days the meter was read ${ratio.toFixed(1)} times as often as its maker's battery tables assume (once an hour). A slower schedule or battery.maxReadingsPerDay saves the battery; for a meter on mains power set mainsPowered to true.`,
    );
  }
}

function costSince(before: MeterCounters, now: MeterCounters): Omit<BatteryUse, 'readings'> {
  const spent = (name: keyof MeterCounters): number => now[name] - before[name];
  return {
    transactions: spent('transactions'),
    wakeUps: spent('wakeUps'),
    bytes: spent('bytesSent') + spent('bytesReceived'),
    awakeTime: Math.round(spent('awakeTime')),
  };
}
