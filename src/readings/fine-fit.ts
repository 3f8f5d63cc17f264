import { Big } from 'big.js';
import { isWallTime } from '../shared/credible-clock.ts';
import { fieldsOf, isInteger } from '../shared/stored.ts';
import { isDecimalText } from './stored-reading.ts';

/** A total and its high-resolution register, read together, in one unit. */
export interface FinePair {
  readonly unit: string;
  readonly total: Big;
  readonly lastDigit: Big;
  readonly counted: Big;
  /** The register begins anew at this value or at a multiple of it. */
  readonly cut: Big;
  readonly readAt: number;
}

/** A guess that waits for a second pair. `value`: what the first pair came to. */
interface Candidate {
  readonly offset: Big;
  readonly value: Big;
}

const DAY = 86_400_000;
/** After so long without a pair, much may have been done to the meter. */
const GAP = 8 * DAY;
/** The cut must be so many last digits of the total apart, or the two would seem to agree by chance too often. */
const LAST_DIGITS_TO_TELL = 100;
/** The total must have moved by as much before another offset than the proven one is believed. */
const LAST_DIGITS_TO_REPLACE = 2;
/** So many pairs in a row that contradict the ones before, and the register is taken to count something else. */
const CONTRADICTIONS = 5;
const NONE = new Big(0);

/**
 * Finds how far a high-resolution register is from its total. On most meters it is the total itself without its leading
 * digits; on a 602 it counts from the day on which somebody switched it on, a constant offset away.
 *
 *   84.817 GJ  and  3 560 400 Wh, which begins anew at 10 000 000   ──▶  no offset: 84.8174400 GJ
 *   102.470 MWh and 271 211.3 Wh, 102.471 MWh and 271 998.0 Wh      ──▶  102.1987887 MWh, learnt: 102.4707867 MWh
 *
 * One pair may agree by chance, so that nothing is believed before a second one that has moved on. From then on the
 * offset stays, through restarts as well, while the two move together. After a gap it must be seen twice again; another
 * one takes its place when the total has moved along with it.
 */
export class FineFit {
  private unit = '';
  private offset: Big | undefined;
  private candidate: Candidate | undefined;
  /** The day of the latest pair that agreed: days, because what changes with each reading wears out SD cards. */
  private day = 0;
  private contradictions = 0;

  /** `remembered`: what `toRemember` gave in an earlier run, or anything that a file may hold. */
  constructor(remembered?: unknown) {
    const { unit, offset, candidate, day } = fieldsOf(remembered);
    const { offset: guessed, value } = fieldsOf(candidate);
    if (typeof unit !== 'string') return;
    this.unit = unit;
    if (isDecimalText(offset)) this.offset = new Big(offset);
    if (isDecimalText(guessed) && isDecimalText(value))
      this.candidate = { offset: new Big(guessed), value: new Big(value) };
    if (isInteger(day, 0)) this.day = day;
  }

  /** For a meter whose fine values were published by a version that knew of no offsets. */
  static withoutOffset(unit: string): FineFit {
    return new FineFit({ unit, offset: '0' });
  }

  /** True where the two have contradicted each other for so long that asking for the register is a waste. */
  get isHopeless(): boolean {
    return this.contradictions >= CONTRADICTIONS;
  }

  toRemember(): unknown {
    const { unit, day } = this;
    const offset = this.offset?.toFixed();
    const candidate = this.candidate && {
      offset: this.candidate.offset.toFixed(),
      value: this.candidate.value.toFixed(),
    };
    return { unit, day, ...(offset && { offset }), ...(candidate && { candidate }) };
  }

  /** The total with all its digits; undefined while, or as soon as, it is not known. */
  of(pair: FinePair): Big | undefined {
    this.forgetWhatIsOld(pair);
    const proven = this.offset && valueNear(pair, this.offset);
    if (proven !== undefined) return this.prove(pair, this.offset, proven);
    const candidate = this.candidate;
    const again = candidate && valueNear(pair, candidate.offset);
    const plain = valueNear(pair, NONE);
    const isPlainer = plain !== undefined && candidate?.offset.eq(NONE) === false;
    // Where both could be, the offset comes of a reading that was disturbed: few meters have any.
    if (candidate === undefined || again === undefined || isPlainer) {
      this.begin(pair, plain, candidate !== undefined && again === undefined);
      return undefined;
    }
    const moved = again.minus(candidate.value);
    const enough = pair.lastDigit.times(this.offset === undefined ? 0 : LAST_DIGITS_TO_REPLACE);
    return moved.gt(0) && moved.gte(enough) ? this.prove(pair, candidate.offset, again) : undefined;
  }

  /** To be called with a pair that cannot be joined at all. */
  contradicted(): void {
    this.contradictions++;
  }

  private prove({ readAt }: FinePair, offset: Big | undefined, value: Big): Big {
    this.offset = offset;
    this.candidate = undefined;
    this.contradictions = 0;
    if (isWallTime(readAt)) this.day = Math.floor(readAt / DAY);
    return value;
  }

  private begin(pair: FinePair, plain: Big | undefined, contradicts: boolean): void {
    const tells = pair.cut.gte(pair.lastDigit.times(LAST_DIGITS_TO_TELL));
    if (contradicts || (plain === undefined && !tells)) this.contradictions++;
    this.candidate =
      plain !== undefined
        ? { offset: NONE, value: plain }
        : tells
          ? { offset: pair.total.minus(pair.counted), value: pair.total }
          : undefined;
  }

  private forgetWhatIsOld({ unit, readAt }: FinePair): void {
    if (unit !== this.unit) {
      this.unit = unit;
      this.offset = undefined;
      this.candidate = undefined;
    }
    if (this.offset === undefined || this.day === 0 || !isWallTime(readAt)) return;
    if (readAt - this.day * DAY <= GAP) return;
    this.offset = undefined;
    this.candidate = undefined;
  }
}

/**
 * Of all numbers that end in the digits of the register, the offset added, the one within a last digit of the total:
 *
 *      total - its last digit   total   total + its last digit
 *   ─────────────┼────────────────┼──────────────┼─────────────▶
 *                └────── the one number ends here ┘
 *
 * The maker does not say where the digits are cut (1 234 567.8 kWh go with 4 567 890.1 Wh on a 403, TD403 p. 127). It
 * need not be known: any number of digits that the register was seen with is at most the true one. Undefined where there
 * is no such number, or more than one could be it.
 */
function valueNear({ total, lastDigit, counted, cut }: FinePair, offset: Big): Big | undefined {
  const from = counted.plus(offset);
  const cuts = total.minus(from).div(cut).round();
  if (cuts.lt(0) || (cuts.gt(0) && cut.lt(lastDigit.times(LAST_DIGITS_TO_TELL)))) return undefined;
  const value = from.plus(cuts.times(cut));
  return value.minus(total).abs().lte(lastDigit) ? value : undefined;
}
