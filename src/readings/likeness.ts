import { unitRatio } from '../catalogue/units.ts';
import { hoursBetween, shownRate } from './counting-rate.ts';
import { isNumber, type NumberReading, type Reading } from './reading.ts';

/** Totals that one meter in so many would go on from as well are no evidence. */
const ENOUGH = 1 / 1000;
/** Some electricity meters have zero in their total, and count in high resolution alone. */
const COUNTS: readonly Reading['nature'][] = ['total', 'fine'];
/** The counter is rounded, and the two were not read at the same moment of an integration. */
const SPARE_LAST_DIGITS = 2;

/**
 * Tells whether totals are those of the meter that was read before, or might as well be those of another one:
 *
 *   84.817 GJ ──▶ 84.835 GJ   by what this meter has drawn before, and one meter in 4500 stands so near: its own
 *   84.817 GJ ──▶ 85.200 GJ   more than it has ever drawn: another one stands there, or it was a cold hour
 *    0.000 GJ ──▶  0.000 GJ   as any new meter, and any whose owner has no cooling
 *
 * Hours do not count, because meters that left the factory on one day have the same ones.
 */
export class Likeness {
  private readonly lastGood: ReadonlyMap<string, Reading>;
  /** The fastest of this run, an hour, by quantity and unit. */
  private readonly fastest = new Map<string, number>();

  /** `lastGood`: the latest good readings of the meter, as they are at any time. */
  constructor(lastGood: ReadonlyMap<string, Reading>) {
    this.lastGood = lastGood;
  }

  isOwn(readings: readonly Reading[]): boolean {
    const steps = this.steps(readings);
    return chanceOfAnother(steps) <= ENOUGH && !steps.some((step) => this.isGap(step));
  }

  /** To be called with what is known to be of this meter, before it is the last good one. */
  learn(readings: readonly Reading[]): void {
    for (const step of this.steps(readings)) {
      const name = nameOf(step);
      this.fastest.set(name, Math.max(this.fastest.get(name) ?? 0, step.rate));
    }
  }

  private steps(readings: readonly Reading[]): readonly Step[] {
    return readings.flatMap((now) => {
      if (!COUNTS.includes(now.nature) || now.unit === 'h') return [];
      const from = this.lastGood.get(now.quantity);
      return isNumber(from) && isNumber(now) && from.unit === now.unit ? [stepOf(from, now)] : [];
    });
  }

  private isGap(step: Step): boolean {
    const { now, size, lastDigit, hours } = step;
    const shown = shownRate(now.unit, [...this.lastGood.values()]);
    if (size < 0) return true;
    // No power or flow tells how far these may go, or not as finely.
    if (shown === undefined || now.nature === 'fine') return false;
    const perHour = Math.max(Number(shown), this.fastest.get(nameOf(step)) ?? 0);
    return size > perHour * hours + SPARE_LAST_DIGITS * lastDigit;
  }
}

interface Step {
  readonly from: NumberReading;
  readonly now: NumberReading;
  readonly size: number;
  readonly lastDigit: number;
  readonly hours: number;
  readonly rate: number;
}

function stepOf(from: NumberReading, now: NumberReading): Step {
  const size = Number(now.value.value.minus(from.value.value));
  const hours = Number(hoursBetween(from, now));
  return { from, now, size, lastDigit: 10 ** -now.value.decimals, hours, rate: size / hours };
}

function nameOf({ now: { quantity, unit } }: Step): string {
  return `${quantity} ${unit}`;
}

/**
 * The chance that another meter of about the same age would stand as near. Energy and volume each count once: mass,
 * tariffs and the like follow from them.
 */
function chanceOfAnother(steps: readonly Step[]): number {
  const best = { energy: 1, other: 1 };
  for (const { from, size, lastDigit } of steps) {
    const kind = unitRatio(from.unit, 'kWh') === undefined ? 'other' : 'energy';
    const nearness = (Math.abs(size) + lastDigit) / (Math.abs(Number(from.value.value)) + lastDigit);
    best[kind] = Math.min(best[kind], nearness);
  }
  return best.energy * best.other;
}
