import { Big } from 'big.js';
import { amountIn } from './conversion.ts';
import type { Reading } from './reading.ts';

/** A total that does not follow from the last good one. */
export interface Doubt {
  readonly reading: Reading;
  readonly lastGood: Reading;
  readonly reason: 'went back' | 'jumped' | 'changed its unit';
  /** Readings in a row that agree with this one, itself included. */
  readonly agreeing: number;
}

export interface Assessment {
  readonly accepted: readonly Reading[];
  readonly doubts: readonly Doubt[];
}

const READINGS_THAT_MUST_AGREE = 3;

/**
 * The fastest that a register can count: its display has eight digits and must not overflow within 3000 hours of full
 * load (EN 1434-1), so no more than 99,999,999 / 3000 of its last digits an hour.
 */
const LAST_DIGITS_PER_HOUR = new Big(99_999_999).div(3000);
const HOUR = 3_600_000;
/** Clocks differ a little, and the counter itself is rounded. */
const SPARE_LAST_DIGITS = 2;
const SPARE_TIME = 60_000;

/**
 * Keeps a total (energy, volume, hours) from being published when it is lower than the last good one or further on than
 * the meter could count in the time between. Three readings in a row that agree with each other overrule the last good
 * one: a register may roll over, or a utility may have set it.
 */
export class Plausibility {
  private readonly lastGood = new Map<string, Reading>();
  private readonly doubted = new Map<string, Doubt>();

  /** `lastGood`: the latest good readings of this meter, from an earlier run. */
  constructor(lastGood: Iterable<Reading> = []) {
    for (const reading of lastGood) {
      // A reading published as unknown does not say what the register held.
      if (reading.value.kind !== 'unknown') this.lastGood.set(reading.quantity, reading);
    }
  }

  /** Judges without keeping, because the caller may not know yet which meter answered. */
  assess(readings: readonly Reading[]): Assessment {
    const accepted: Reading[] = [];
    const doubts: Doubt[] = [];
    for (const reading of readings) {
      const doubt = reading.nature === 'total' ? this.doubt(reading) : undefined;
      if (doubt === undefined) accepted.push(reading);
      else doubts.push(doubt);
    }
    return { accepted, doubts };
  }

  /** Makes these the last good ones, and counts the doubts. */
  keep({ accepted, doubts }: Assessment): void {
    for (const reading of accepted) {
      this.doubted.delete(reading.quantity);
      this.lastGood.set(reading.quantity, reading);
    }
    for (const doubt of doubts) this.doubted.set(doubt.reading.quantity, doubt);
  }

  /** For a quantity that the meter no longer has. */
  forget(quantity: string): void {
    this.lastGood.delete(quantity);
    this.doubted.delete(quantity);
  }

  private doubt(reading: Reading): Doubt | undefined {
    const lastGood = this.lastGood.get(reading.quantity);
    if (lastGood === undefined) return undefined;
    const reason = this.whyNotAfter(lastGood, reading);
    if (reason === undefined) return undefined;
    const earlier = this.doubted.get(reading.quantity);
    const agrees = earlier !== undefined && this.whyNotAfter(earlier.reading, reading) === undefined;
    const agreeing = agrees ? earlier.agreeing + 1 : 1;
    return agreeing >= READINGS_THAT_MUST_AGREE ? undefined : { reading, lastGood, reason, agreeing };
  }

  private whyNotAfter(earlier: Reading, later: Reading): Doubt['reason'] | undefined {
    // First, because a total in a unit of dates or texts is no number any more, and has no symbol.
    if (earlier.unit !== later.unit || earlier.value.kind !== later.value.kind) return 'changed its unit';
    if (earlier.value.kind !== 'number' || later.value.kind !== 'number') return undefined;
    const step = later.value.value.minus(earlier.value.value);
    if (step.lt(0)) return 'went back';
    // A clock that was set back counts as no time.
    const hours = new Big(Math.max(later.readAt - earlier.readAt, 0) + SPARE_TIME).div(HOUR);
    const lastDigit = new Big(`1e${-later.value.decimals}`);
    const most = hours.times(this.mostInAnHour(later, lastDigit)).plus(lastDigit.times(SPARE_LAST_DIGITS));
    return step.gt(most) ? 'jumped' : undefined;
  }

  private mostInAnHour({ unit }: Reading, lastDigit: Big): Big {
    if (unit === 'h') return new Big(1);
    const byDisplay = LAST_DIGITS_PER_HOUR.times(lastDigit);
    const byUse = mostInAnHour(unit, [...this.lastGood.values()]);
    return byUse?.lt(byDisplay) ? byUse : byDisplay;
  }
}

/** The most that a house draws, with a margin: 150 kW, 5 m³/h. A larger meter shows by its own figures that it is one. */
const HOUSEHOLD_POWER_KW = 150;
const HOUSEHOLD_FLOW_LITRES = 5_000;
/** Above the largest power or flow that the meter was seen with. */
const MARGIN = 3;

/**
 * The most that a total in `unit` can grow in an hour, given the power and flow that the meter has shown so far (peaks
 * included); undefined for units that do not limit it.
 */
function mostInAnHour(unit: string, shown: readonly Reading[]): Big | undefined {
  return (
    amountIn(largest(shown, 'kW', HOUSEHOLD_POWER_KW), 'kWh', unit) ??
    amountIn(largest(shown, 'l/h', HOUSEHOLD_FLOW_LITRES), 'l', unit)
  );
}

function largest(shown: readonly Reading[], unit: string, least: number): Big {
  let most = new Big(least);
  for (const { unit: from, value } of shown) {
    const amount = value.kind === 'number' ? amountIn(value.value.abs(), from, unit) : undefined;
    if (amount?.times(MARGIN).gt(most)) most = amount.times(MARGIN);
  }
  return most;
}
