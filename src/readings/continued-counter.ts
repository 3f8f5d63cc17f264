import { Big } from 'big.js';
import { type Fields, isInteger } from '../shared/stored.ts';
import { amountIn, convertUnit, type DecimalNumber } from './conversion.ts';
import { isWithin, rateBetween, rateOfUse, shownRate } from './counting-rate.ts';
import { isNumber, type NumberReading, type Reading } from './reading.ts';
import { isDecimalText, restoreReading, storeReading } from './stored-reading.ts';

/** Readings in a row that do not follow from the last good one, until the register is counted on from there. */
const READINGS_TO_GO_ON = 3;
/** A register of four bytes may hold so many last digits. */
const FOUR_BYTES = new Big(2).pow(32);
const MARGIN = 3;
const RATE_DECIMALS = 6;

/**
 * Counts on what a register counts that begins anew when it is full. It is not known when that is: at a power of ten, or
 * at the end of its four bytes. It is taken for full only where this meter could have used what was left until then, and
 * not as much as would fill it anew: then nobody knows how often it was.
 *
 *   9998.5 ──▶ 2.1 kWh    after an hour, of a meter that draws 5 kW: 3.6 kWh more
 *   7183.2 ──▶ 5.0 kWh    begun anew by somebody: nothing is counted for it
 *
 * What it makes never goes back, and never further on than could have been used: a step that nothing explains is waited
 * for until three readings in a row have it, and left out then.
 */
export class ContinuedCounter {
  private last: NumberReading | undefined;
  private value = new Big(0);
  /** The fastest that it has counted or that the meter has drawn, in the unit of `last` an hour. */
  private fastest = new Big(0);
  private doubts = 0;

  /** Undefined where `stored` is not what `toRemember` gave. */
  static restore({ last, value, fastest, doubts }: Fields): ContinuedCounter | undefined {
    const reading = restoreReading(last);
    if (!isNumber(reading) || !isDecimalText(value) || !isDecimalText(fastest)) return undefined;
    const counter = new ContinuedCounter();
    counter.last = reading;
    counter.value = new Big(value);
    counter.fastest = new Big(fastest);
    counter.doubts = isInteger(doubts, 0) ? doubts : 0;
    return counter;
  }

  toRemember(): unknown {
    const { value, fastest, doubts } = this;
    return {
      last: this.last && storeReading(this.last),
      value: value.toFixed(),
      fastest: fastest.toFixed(RATE_DECIMALS, Big.roundUp),
      doubts,
    };
  }

  /** What it has counted by now, from what the register held at first; undefined while the register is in doubt. */
  count(now: NumberReading, beside: readonly Reading[]): DecimalNumber | undefined {
    if (this.last?.unit !== now.unit) this.goOnIn(now.unit);
    const step = this.stepTo(now, beside);
    if (step === undefined && ++this.doubts < READINGS_TO_GO_ON) return undefined;
    this.learnRates(step, now, beside);
    this.value = this.value.plus(step ?? 0);
    this.last = now;
    this.doubts = 0;
    return { value: this.value, decimals: now.value.decimals };
  }

  /** The same amounts in another unit; from the beginning where there is no way from one to the other. */
  private goOnIn(unit: string): void {
    const { last } = this;
    const own = last && convertUnit(last.value, last.unit, unit);
    const value = last && amountIn(this.value, last.unit, unit);
    const fastest = last && amountIn(this.fastest, last.unit, unit);
    this.last = last && own && { ...last, unit, value: { ...last.value, ...own } };
    this.value = value ?? new Big(0);
    this.fastest = fastest ?? new Big(0);
  }

  /** Undefined where nothing explains it. */
  private stepTo(now: NumberReading, beside: readonly Reading[]): Big | undefined {
    const { last } = this;
    if (last === undefined) return now.value.value;
    const step = now.value.value.minus(last.value.value);
    const most = rateOfUse(now.unit, beside);
    if (step.gte(0)) return most && isWithin(last, now, most, []) ? step : undefined;
    const own = this.fastest.times(MARGIN);
    return fullAt(last)
      .filter((full) => isWithin(last, withMore(now, full, now), own, []))
      .filter((full) => !isWithin(last, withMore(last, full, now), own, []))
      .map((full) => step.plus(full))[0];
  }

  private learnRates(step: Big | undefined, now: NumberReading, beside: readonly Reading[]): void {
    const { last } = this;
    const counted = step && last ? rateBetween(last, now)?.shown : undefined;
    for (const rate of [counted, shownRate(now.unit, beside)])
      if (rate?.gt(this.fastest)) this.fastest = rate;
  }
}

/** The values at which a register that holds `last` may begin anew. */
function fullAt({ value: { value, decimals } }: NumberReading): readonly Big[] {
  const digits = value.toFixed(0, Big.roundDown).length;
  return [new Big(`1e${digits}`), FOUR_BYTES.times(`1e-${decimals}`)];
}

/** `at`: a reading of the moment of the result. */
function withMore({ value }: NumberReading, more: Big, at: NumberReading): NumberReading {
  return { ...at, value: { ...at.value, value: value.value.plus(more) } };
}
