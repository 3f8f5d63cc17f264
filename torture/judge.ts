import { derivedQuantity } from '../src/catalogue/derived-quantities.ts';
import { agrees } from './compare.ts';
import { type DerivedVerdict, derivedFault } from './derived.ts';
import type { Tally } from './tally.ts';
import { type Held, Truth } from './truth.ts';

/** One value as somebody outside has received it. */
export interface Published {
  readonly output: string;
  readonly serial: string;
  readonly quantity: string;
  readonly text: string;
  /** Undefined where the output tells none: then it is the one of `units`, else the meter's own. */
  readonly unit: string | undefined;
  /**
   * The moments, by true time, at one of which it is said to have been read; undefined where an output also shows older
   * values: they must have been held then, and never be older than what it has shown before.
   */
  readonly at: readonly number[] | undefined;
}

export type Test = (held: Held) => boolean;

/** Holds each published value against what the meter held. */
export class Judge {
  private readonly part: string;
  private readonly tally: Tally;
  private readonly truths = new Map<string, Truth>();
  /** The place in the order of time up to which an output has come. */
  private readonly places = new Map<string, number>();
  /** What is wrong with each line now, by serial number. */
  private readonly faults = new Map<string, string>();

  constructor(part: string, tally: Tally) {
    this.part = part;
    this.tally = tally;
  }

  truthOf(serial: string): Truth {
    const truth = this.truths.get(serial) ?? new Truth();
    this.truths.set(serial, truth);
    return truth;
  }

  faultOf(serial: string): string {
    return this.faults.get(serial) ?? CALM;
  }

  /**
   * A bridge that starts anew where nothing could be written knows the values of its last write, and those that the broker
   * holds. The webhook is told the former.
   */
  forgot(): void {
    for (const key of this.places.keys()) if (key.startsWith('webhook/')) this.places.delete(key);
  }

  setFault(serials: Iterable<string>, fault: string): void {
    for (const serial of serials) this.faults.set(serial, fault);
  }

  /** `test`: whether the text is what was held; default: in this unit. */
  value(published: Published, test: Test = sameAs(published)): void {
    const { output, serial, quantity, text } = published;
    if (!this.truths.has(serial)) {
      this.tally.wrong(this.part, CALM, `${output} tells of a meter that does not exist`, serial);
      return;
    }
    if (derivedQuantity(quantity) !== undefined)
      this.tellDerived(published, derivedFault(quantity, text, this.truthOf(serial)));
    else this.valueOfOneOf([serial], published, test);
  }

  /** The same where it is not said which of these meters it is of. */
  valueOfOneOf(serials: readonly string[], published: Published, test: Test): void {
    const { output, serial, quantity, text, unit } = published;
    const fault = this.faultOf(serial);
    this.tally.compared(this.part, fault, output);
    if (serials.some((each) => this.holds({ ...published, serial: each }, test))) return;
    const shown = this.truthOf(serial).all(quantity).slice(-4).map(describe);
    this.tally.wrong(
      this.part,
      fault,
      `${output}: a value that the meter did not hold`,
      `${serial} ${quantity} ${text} ${unit ?? ''}${stampOf(published)}; held: ${shown.join(', ') || 'never asked'}`,
    );
  }

  private tellDerived({ output, serial, quantity, text }: Published, verdict: DerivedVerdict): void {
    const fault = this.faultOf(serial);
    if (verdict.kind === 'left-out') {
      this.tally.left(verdict.why);
      return;
    }
    this.tally.compared(this.part, fault, output);
    if (verdict.kind === 'wrong')
      this.tally.wrong(
        this.part,
        fault,
        `${output}: ${quantity} ${verdict.why}`,
        `${serial} ${quantity} ${text}`,
      );
  }

  private holds({ output, serial, quantity, at }: Published, test: Test): boolean {
    const truth = this.truthOf(serial);
    if (at !== undefined) {
      const after = STRETCHED.has(this.faultOf(serial)) ? SPARE_WITHIN_A_READING : SPARE_AFTER;
      const spare = after + this.tally.lateness;
      return truth
        .all(quantity)
        .some((held) => at.some((moment) => covers(held, moment, spare)) && test(held));
    }
    const key = `${output}/${serial}/${quantity}`;
    const place = truth.find(quantity, this.places.get(key) ?? 0, test);
    if (place !== undefined) this.places.set(key, place);
    return place !== undefined;
  }
}

export const CALM = 'none';

/** Between two clocks on one machine that is busy. */
const SPARE_BEFORE = 500;
/** Each value carries the moment at which its reply was complete; the rest is for a busy machine. Less than a slot. */
const SPARE_AFTER = 2_900;

/** With these, a reply takes longer, or is the answer to an earlier try of the same request: a moment within the reading. */
const STRETCHED: ReadonlySet<string> = new Set([
  'late',
  'pause-inside',
  'previous-reply',
  'second-client',
  'slow-bytes',
  'split',
  'twice',
]);
const SPARE_WITHIN_A_READING = 8_000;

function covers({ from, to }: Held, moment: number, after: number): boolean {
  return moment >= from - SPARE_BEFORE && moment <= to + after;
}

function sameAs({ text, unit }: Published): Test {
  return (held) => agrees(text, unit ?? held.reading.unit, held);
}

function describe({ text, reading, from, to }: Held): string {
  return `${text} ${reading.unit} ${stamp(from)} to ${stamp(to)}`;
}

function stampOf({ at }: Published): string {
  return at === undefined ? '' : ` at ${at.map(stamp).join(' or ')}`;
}

function stamp(time: number): string {
  return new Date(time).toISOString().slice(11, 23);
}
