import type { MeterCounters } from '../link/session.ts';
import { isWallTime } from '../shared/credible-clock.ts';
import type { Deps } from '../shared/deps.ts';
import { DAY } from '../shared/schedule.ts';
import { type LocalDay, localDay } from '../shared/zoned-time.ts';
import { BatteryAccount, NO_USE } from './battery-account.ts';
import type { MeterSettings } from './config.ts';
import type { BatteryDiagnostics, BatteryUse } from './publisher.ts';
import { BATTERY_ADVICE, keepsAwake } from './schedules.ts';

/** More readings an hour over a week are worth a warning; the default, with its nightly details, makes 1.04. */
const WORTH_A_WARNING = 1.2;
/** The same of a meter that three readings an hour keep awake, because only a button would wake it. */
const AWAKE = 3 * WORTH_A_WARNING;
/** Before, first looks at a meter and trouble on its first day weigh too much. */
const JUDGED_AFTER = 2 * DAY;

/** Persists the account, which is undefined until a meter is identified. */
export interface BatteryOwner {
  readonly account: BatteryAccount | undefined;
  /** Only a button wakes its eye. */
  readonly sleepsDeeply: boolean;
  remember(): void;
}

type BatterySettings = Pick<MeterSettings, 'name' | 'schedules' | 'timezone' | 'mainsPowered' | 'battery'>;

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
    return Math.max(0, maxReadingsPerDay - this.account.readingsOn(this.today.date));
  }

  /** The reason why no reading is allowed now; undefined while one is. */
  get refusal(): string | undefined {
    if (this.readingsLeftToday !== 0) return undefined;
    return `The meter has had its ${this.maxReadingsPerDay} readings of today (battery.maxReadingsPerDay); the next one is taken tomorrow.`;
  }

  /** The account is made to fit the clock, which may have been set since. */
  get today(): LocalDay {
    const { clock, logger } = this.parts;
    const now = clock.now();
    const today = localDay(now, isWallTime(now) ? this.settings.timezone : 'UTC');
    const future = this.account.fitTo(today, clock);
    if (future.length > 0)
      logger.warn(
        `${this.settings.name}: the battery account had days in the future (${future.join(', ')}), from a clock that was ahead; they are dropped`,
      );
    return today;
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

  /** Enough has been counted to judge by `ratio`. */
  get isJudged(): boolean {
    return this.account.age(this.parts.clock.now()) >= JUDGED_AFTER;
  }

  /** Of the last four weeks, oldest first, today last; none while the clock is not set, which knows no days. */
  get days(): ReturnType<BatteryAccount['daysTo']> {
    const { date } = this.today;
    return isWallTime(this.parts.clock.now()) ? this.account.daysTo(date) : [];
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

  /** What another program's asking cost; no limit of the day is in the way of that. */
  charge(use: BatteryUse): void {
    this.account.add(this.today.date, use, this.parts.clock.now());
    this.parts.owner.remember();
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
    const one: BatteryUse = { ...NO_USE, readings: 1 };
    this.account.add(date, one, now);
    this.parts.owner.remember();
    this.account.add(date, { ...one, readings: -1 }, now);
  }

  private warn(): void {
    const { name, mainsPowered } = this.settings;
    const { clock, logger } = this.parts;
    const { today } = this;
    const now = clock.now();
    if (!this.isJudged) return;
    const ratio = this.account.readingsAnHour(today, now);
    if (mainsPowered || ratio <= this.worthAWarning || this.warnedOn === today.date) return;
    this.warnedOn = today.date;
    logger.warn(
      `${name}: in the last seven days the meter was read ${ratio.toFixed(1)} times as often as its maker's battery tables assume (once an hour). ${this.advice}`,
    );
  }

  private get worthAWarning(): number {
    return keepsAwake(this.settings.schedules) && this.parts.owner.sleepsDeeply ? AWAKE : WORTH_A_WARNING;
  }

  private get advice(): string {
    return keepsAwake(this.settings.schedules) ? `${ONLY_A_402} ${BATTERY_ADVICE}` : BATTERY_ADVICE;
  }
}

const ONLY_A_402 = 'The schedule "keep-awake" is for a MULTICAL 402, whose eye falls asleep.';

/** Without the number of readings, of which the counters know nothing. */
export function costSince(before: MeterCounters, now: MeterCounters): Omit<BatteryUse, 'readings'> {
  const spent = (name: keyof MeterCounters): number => now[name] - before[name];
  return {
    transactions: spent('transactions'),
    wakeUps: spent('wakeUps'),
    bytes: spent('bytesSent') + spent('bytesReceived'),
    awakeTime: Math.round(spent('awakeTime')),
  };
}
