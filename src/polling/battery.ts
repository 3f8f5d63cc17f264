import type { Logger } from '../log/logger.ts';
import type { MeterCounters } from '../meter/meter-counters.ts';
import type { BatteryDiagnostics, BatteryUse } from '../publish/publisher.ts';
import type { Clock } from '../shared/clock.ts';
import { type LocalDay, localDay } from '../shared/local-day.ts';
import { BatteryAccount } from './battery-account.ts';

/** Above so many readings an hour a week is pointed out; the default, with its nightly details, comes to 1.04. */
const WORTH_A_WARNING = 1.2;

/** Whose account it is, as far as that is known, and where it is written down. */
export interface AccountHolder {
  readonly account: BatteryAccount | undefined;
  remember(): void;
}

export interface BatteryOptions {
  readonly name: string;
  /** IANA name, or empty for the system's: whose days count. */
  readonly timezone: string;
  /** Null: no limit. */
  readonly maxReadingsPerDay: number | null;
  readonly mainsPowered: boolean;
  /** What the session counts; it never goes back. */
  readonly counters: MeterCounters;
  readonly holder: AccountHolder;
  readonly clock: Clock;
  readonly logger: Logger;
}

interface Spending {
  readonly day: LocalDay;
  from: MeterCounters;
  counted: boolean;
}

/** What one meter's readings cost its battery, and how many more it may be asked for today. */
export class Battery {
  private readonly options: BatteryOptions;
  /** Spent before any meter showed itself. */
  private unclaimed = new BatteryAccount();
  private spending: Spending | undefined;
  private warnedOn: string | undefined;

  constructor(options: BatteryOptions) {
    this.options = options;
  }

  /** Null without a limit. */
  get readingsLeftToday(): number | null {
    const { maxReadingsPerDay } = this.options;
    if (maxReadingsPerDay === null) return null;
    return Math.max(0, maxReadingsPerDay - this.account.of(this.today.date).readings);
  }

  /** Why there is no reading now; undefined while there may be one. */
  get refusal(): string | undefined {
    if (this.readingsLeftToday !== 0) return undefined;
    return `The meter has had its ${this.options.maxReadingsPerDay} readings of today (battery.maxReadingsPerDay); the next one is taken tomorrow.`;
  }

  get today(): LocalDay {
    return localDay(this.options.clock.now(), this.options.timezone);
  }

  get diagnostics(): BatteryDiagnostics {
    const { today, account } = this;
    return {
      today: account.of(today.date),
      lastSevenDays: account.weekTo(today.date),
      ratio: account.readingsAnHour(today, this.options.clock.now()),
      readingsLeftToday: this.readingsLeftToday,
    };
  }

  /** A reading begins. */
  begin(): void {
    const { counters, maxReadingsPerDay } = this.options;
    const day = this.today;
    this.spending = { day, from: { ...counters }, counted: false };
    if (maxReadingsPerDay !== null) this.writeAhead(day);
  }

  /** A meter has told its number: what follows is on its account, whatever becomes of this program. */
  meterShown(): void {
    if (this.options.maxReadingsPerDay === null || this.spending === undefined) return;
    this.settle();
    this.options.holder.remember();
  }

  /** What the reading has cost so far goes to the account of the meter that answers. */
  settle(): void {
    const spending = this.spending;
    if (spending === undefined) return;
    const { clock, counters, holder } = this.options;
    const now = clock.now();
    const cost = costSince(spending.from, counters);
    // Where the port failed before the first request, the meter slept on.
    const readings = !spending.counted && cost.transactions > 0 ? 1 : 0;
    spending.counted ||= readings > 0;
    spending.from = { ...counters };
    if (holder.account !== undefined && !this.unclaimed.isEmpty) {
      holder.account.addAll(this.unclaimed, now);
      this.unclaimed = new BatteryAccount();
    }
    this.account.add(spending.day.date, { ...cost, readings }, now);
  }

  end(): void {
    this.settle();
    this.spending = undefined;
    this.warn();
  }

  private get account(): BatteryAccount {
    return this.options.holder.account ?? this.unclaimed;
  }

  /** A reading that ends with our own end must count too, or a program that falls again and again reads for ever. */
  private writeAhead({ date }: LocalDay): void {
    const now = this.options.clock.now();
    const one = { readings: 1, transactions: 0, wakeUps: 0, bytes: 0, awakeTime: 0 };
    this.account.add(date, one, now);
    this.options.holder.remember();
    this.account.add(date, { ...one, readings: -1 }, now);
  }

  private warn(): void {
    const { name, mainsPowered, clock, logger } = this.options;
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
