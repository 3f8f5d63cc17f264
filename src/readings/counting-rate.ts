import { Big } from 'big.js';
import { isWallTime } from '../shared/credible-clock.ts';
import { fieldsOf, itemsOf, membersOf } from '../shared/stored.ts';
import { amountIn } from './conversion.ts';
import { isNumber, type NumberReading, type Reading } from './reading.ts';

const HOUR = 3_600_000;
/** Clocks differ a little, and the counter itself is rounded. */
const SPARE_LAST_DIGITS = 2;
const SPARE_TIME = 60_000;
/** A rate that was seen is believed again up to this many times itself. */
const MARGIN = 3;

/**
 * The fastest that a register can count: its display has eight digits and must not overflow within 3000 hours of full
 * load (EN 1434-1), so no more than 99,999,999 / 3000 of its last digits an hour.
 */
const LAST_DIGITS_PER_HOUR = new Big(99_999_999).div(3000);
/** The most that a house draws, with a margin: 150 kW, 5 m³/h. A larger meter shows by its own figures that it is one. */
const HOUSEHOLD_POWER_KW = 150;
const HOUSEHOLD_FLOW_LITRES = 5_000;

/**
 * The two largest of the rates (last unit an hour) that were seen. The second one counts: a rate that was seen once may
 * be a wild value, or a total that somebody set.
 */
export type SeenRates = readonly Big[];

export function withRate(seen: SeenRates, rate: Big): SeenRates {
  return [...seen, rate].sort((a, b) => b.cmp(a)).slice(0, 2);
}

/** The step of a total, in its unit an hour. */
export interface CountedRate {
  /** Negative where it went back. */
  readonly shown: Big;
  /** A last digit more, which it may have counted and not shown. */
  readonly possible: Big;
}

/** A step that a register can make by counting; a total that somebody set, or a wild value, goes further. */
export function isCountable(earlier: Reading, later: Reading): boolean {
  if (!isNumber(earlier) || !isNumber(later)) return false;
  return isWithin(earlier, later, LAST_DIGITS_PER_HOUR.times(lastDigitOf(later)), []);
}

/** Undefined for what is no number. */
export function rateBetween(earlier: Reading, later: Reading): CountedRate | undefined {
  if (!isNumber(earlier) || !isNumber(later)) return undefined;
  const step = later.value.value.minus(earlier.value.value);
  const time = new Big(Math.max(elapsedBetween(earlier, later), SPARE_TIME)).div(HOUR);
  return { shown: step.div(time), possible: step.plus(lastDigitOf(later)).div(time) };
}

/** True where the total counted on by no more than `perHour` allows, or three times the second largest rate seen. */
export function isWithin(
  earlier: NumberReading,
  later: NumberReading,
  perHour: Big,
  [, seenTwice]: SeenRates,
): boolean {
  const confirmed = seenTwice?.times(MARGIN);
  const most = confirmed?.gt(perHour) ? confirmed : perHour;
  const allowed = hoursBetween(earlier, later).times(most).plus(lastDigitOf(later).times(SPARE_LAST_DIGITS));
  return later.value.value.minus(earlier.value.value).lte(allowed);
}

/**
 * The most that a total can grow in an hour on a meter of which nothing more is known than the power and flow that it
 * has shown so far, peaks included.
 */
export function ordinaryRate(total: NumberReading, shown: readonly Reading[]): Big {
  if (total.unit === 'h') return new Big(1);
  const byDisplay = LAST_DIGITS_PER_HOUR.times(lastDigitOf(total));
  const byUse = rateOfUse(total.unit, shown);
  return byUse?.lt(byDisplay) ? byUse : byDisplay;
}

/** The most that a house uses in an hour, or this meter by what it has shown; undefined for other units. */
export function rateOfUse(unit: string, shown: readonly Reading[]): Big | undefined {
  const byHouse =
    amountIn(new Big(HOUSEHOLD_POWER_KW), 'kWh', unit) ?? amountIn(new Big(HOUSEHOLD_FLOW_LITRES), 'l', unit);
  const byMeter = shownRate(unit, shown)?.times(MARGIN);
  return byHouse !== undefined && byMeter?.gt(byHouse) ? byMeter : byHouse;
}

/** The most that the meter has counted in an hour by its own power and flow; undefined for units that these do not limit. */
export function shownRate(unit: string, shown: readonly Reading[]): Big | undefined {
  return amountIn(largest(shown, 'kW'), 'kWh', unit) ?? amountIn(largest(shown, 'l/h'), 'l', unit);
}

function largest(shown: readonly Reading[], unit: string): Big {
  let most = new Big(0);
  for (const { unit: from, value } of shown) {
    const amount = value.kind === 'number' ? amountIn(value.value.abs(), from, unit) : undefined;
    if (amount?.gt(most)) most = amount;
  }
  return most;
}

export function hoursBetween(earlier: Reading, later: Reading): Big {
  return new Big(elapsedBetween(earlier, later) + SPARE_TIME).div(HOUR);
}

/** Milliseconds; a day where no clock tells, because one of the two was wrong. */
function elapsedBetween(earlier: Reading, later: Reading): number {
  // Within a run, whatever is done to the wall clock.
  if (earlier.uptime !== undefined && later.uptime !== undefined)
    return Math.max(later.uptime - earlier.uptime, 0);
  const elapsed = later.readAt - earlier.readAt;
  const isKnown = isWallTime(earlier.readAt) && isWallTime(later.readAt) && elapsed >= 0;
  return isKnown ? elapsed : 24 * HOUR;
}

export function lastDigitOf({ value }: NumberReading): Big {
  return new Big(`1e${-value.decimals}`);
}

/** Rates that readings in a row have confirmed, by quantity. */
export class ConfirmedRates {
  private readonly rates: Map<string, { readonly unit: string; readonly seen: SeenRates }>;

  /** `remembered`: what `toRemember` gave in an earlier run, or anything that a file may hold. */
  constructor(remembered: unknown) {
    this.rates = new Map(Object.entries(membersOf(remembered, restoreRates)));
  }

  of({ quantity, unit }: Reading): SeenRates {
    const rates = this.rates.get(quantity);
    return rates?.unit === unit ? rates.seen : [];
  }

  add(reading: Reading, seen: SeenRates): void {
    const all = seen.reduce(withRate, this.of(reading));
    this.rates.set(reading.quantity, { unit: reading.unit, seen: all });
  }

  forget(quantity: string): void {
    this.rates.delete(quantity);
  }

  /** Undefined for none. */
  toRemember(): unknown {
    if (this.rates.size === 0) return undefined;
    const texts = Array.from(this.rates, ([quantity, { unit, seen }]) => [
      quantity,
      { unit, seen: seen.map((rate) => rate.toPrecision(6)) },
    ]);
    return Object.fromEntries(texts);
  }
}

function restoreRates(stored: unknown): { unit: string; seen: SeenRates } | undefined {
  const { unit, seen } = fieldsOf(stored);
  const rates = itemsOf(seen, (rate) => (isRate(rate) ? new Big(rate) : undefined));
  return typeof unit === 'string' ? { unit, seen: rates.reduce(withRate, [] as SeenRates) } : undefined;
}

function isRate(value: unknown): value is string {
  return typeof value === 'string' && /^\d{1,20}(\.\d{1,20})?(e[+-]\d{1,2})?$/.test(value);
}
