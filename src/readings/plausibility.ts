import {
  ConfirmedRates,
  isCountable,
  isWithin,
  ordinaryRate,
  rateBetween,
  type SeenRates,
  withRate,
} from './counting-rate.ts';
import { isNumber, type Reading } from './reading.ts';

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

/** Doubtful readings in a row of which none is lower than the one before. */
interface Row {
  /** The latest, as many as must agree at most. */
  readonly readings: readonly Reading[];
  /** Of all steps, from the last good reading on: how fast the total went, and how fast it may have gone. */
  readonly shown: SeenRates;
  readonly possible: SeenRates;
}

/**
 * Keeps a total (energy, volume, hours) from being published when it is lower than the last good one or further on than
 * the meter could count in the time between. Three readings in a row that agree with each other overrule the last good
 * one: a register may roll over, a utility may have set it, a large building may draw more than was thought.
 *
 * They agree where none is lower than the one before, and the fastest step is one that a meter is expected to make or
 * at most three times another one: 5.00, 5.01, 5.02 as well as 560, 1100, 1700, but not 5, 6, 9000. Rates that were
 * agreed on are remembered, so that a meter that counts fast is not doubted for ever.
 */
export class Plausibility {
  private readonly lastGood = new Map<string, Reading>();
  private readonly doubted = new Map<string, Row>();
  private readonly rates: ConfirmedRates;

  /** `lastGood`: the latest good readings of this meter, and `remembered`: what `toRemember` gave, in an earlier run. */
  constructor(lastGood: Iterable<Reading> = [], remembered?: unknown) {
    // The monotonic clock of an earlier run says nothing in this one.
    for (const { uptime: _, ...reading } of lastGood) {
      // A reading published as unknown does not say what the register held.
      if (isKnown(reading)) this.lastGood.set(reading.quantity, reading);
    }
    this.rates = new ConfirmedRates(remembered);
  }

  /** Undefined where there is nothing to remember but the readings themselves. */
  toRemember(): unknown {
    return this.rates.toRemember();
  }

  /** The latest good reading of each quantity. */
  get good(): ReadonlyMap<string, Reading> {
    return this.lastGood;
  }

  /** Judges without keeping, because the caller may not know yet which meter answered. */
  assess(readings: readonly Reading[]): Assessment {
    const accepted: Reading[] = [];
    const doubts: Doubt[] = [];
    for (const reading of readings) {
      const doubt = reading.nature === 'total' && isKnown(reading) ? this.doubt(reading) : undefined;
      if (doubt === undefined) accepted.push(reading);
      else doubts.push(doubt);
    }
    return { accepted, doubts };
  }

  /** Makes these the last good ones, and counts the doubts. */
  keep({ accepted, doubts }: Assessment): void {
    // No value says nothing of the one before.
    for (const reading of accepted.filter(isKnown)) {
      this.learnRates(reading);
      this.doubted.delete(reading.quantity);
      this.lastGood.set(reading.quantity, reading);
    }
    for (const { reading, lastGood } of doubts)
      this.doubted.set(reading.quantity, this.rowOf(lastGood, reading));
  }

  /** For a quantity that the meter no longer has. */
  forget(quantity: string): void {
    this.lastGood.delete(quantity);
    this.doubted.delete(quantity);
    this.rates.forget(quantity);
  }

  /** Doubtful readings that `reading` overrules the last good one with, or that lie between the two, were right. */
  private learnRates(reading: Reading): void {
    const lastGood = this.lastGood.get(reading.quantity);
    const [first, ...more] = this.doubted.get(reading.quantity)?.readings ?? [];
    if (lastGood === undefined || first === undefined) return;
    const isOverruled = this.whyNotAfter(lastGood, reading) !== undefined;
    const isBetween = isNoStepBack(lastGood, first) && isNoStepBack(more.at(-1) ?? first, reading);
    if (isOverruled || isBetween) this.rates.add(reading, this.rowOf(lastGood, reading).shown);
  }

  private doubt(reading: Reading): Doubt | undefined {
    const lastGood = this.lastGood.get(reading.quantity);
    const reason = lastGood && this.whyNotAfter(lastGood, reading);
    if (lastGood === undefined || reason === undefined) return undefined;
    const row = this.rowOf(lastGood, reading);
    if (this.agrees(row)) return undefined;
    const agreeing = Math.min(row.readings.length, READINGS_THAT_MUST_AGREE - 1);
    return { reading, lastGood, reason, agreeing };
  }

  private whyNotAfter(earlier: Reading, later: Reading): Doubt['reason'] | undefined {
    // First, because a total in a unit of dates or texts is no number any more, and has no symbol.
    if (!isAlike(earlier, later)) return 'changed its unit';
    if (isStepBack(earlier, later)) return 'went back';
    return this.isExpected(earlier, later, this.rates.of(later)) ? undefined : 'jumped';
  }

  private isExpected(earlier: Reading, later: Reading, seen: SeenRates): boolean {
    if (!isNumber(earlier) || !isNumber(later)) return true;
    return isWithin(earlier, later, ordinaryRate(later, [...this.lastGood.values()]), seen);
  }

  /** The row of doubtful readings that `reading` goes on, or begins. */
  private rowOf(lastGood: Reading, reading: Reading): Row {
    const row = this.doubted.get(reading.quantity);
    const before = row?.readings.at(-1);
    if (row !== undefined && before !== undefined && isNoStepBack(before, reading))
      return withStep(row, before, reading);
    return isCountable(lastGood, reading)
      ? withStep(NO_ROW, lastGood, reading)
      : { ...NO_ROW, readings: [reading] };
  }

  private agrees({ readings, possible }: Row): boolean {
    if (readings.length < READINGS_THAT_MUST_AGREE) return false;
    return readings.every((later, index) => {
      const earlier = readings[index - 1];
      const seen = this.rates.of(later).reduce(withRate, possible);
      return earlier === undefined || this.isExpected(earlier, later, seen);
    });
  }
}

const NO_ROW: Row = { readings: [], shown: [], possible: [] };

function isKnown({ value }: Reading): boolean {
  return value.kind !== 'unknown';
}

function isNoStepBack(earlier: Reading, later: Reading): boolean {
  return isAlike(earlier, later) && !isStepBack(earlier, later);
}

function isAlike(one: Reading, other: Reading): boolean {
  return one.unit === other.unit && one.value.kind === other.value.kind;
}

function isStepBack(earlier: Reading, later: Reading): boolean {
  return rateBetween(earlier, later)?.shown.lt(0) ?? false;
}

/** The row with one reading more; a step back, or into another unit, says nothing of how fast the total counts. */
function withStep({ readings, shown, possible }: Row, before: Reading, reading: Reading): Row {
  const rate = isNoStepBack(before, reading) ? rateBetween(before, reading) : undefined;
  return {
    readings: [...readings, reading].slice(-READINGS_THAT_MUST_AGREE),
    shown: rate === undefined ? shown : withRate(shown, rate.shown),
    possible: rate === undefined ? possible : withRate(possible, rate.possible),
  };
}
