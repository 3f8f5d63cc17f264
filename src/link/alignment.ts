import { addObservations, NOTHING_SEEN, type Observation } from './exchange.ts';
import type { SeenTry } from './session.ts';

/** Rates the position of the head by the tries of the last ten seconds. */
export interface Alignment {
  readonly asked: number;
  readonly answered: number;
  /** Our own light came back through the head. */
  readonly echoSeen: boolean;
  /** Replies that arrived damaged. */
  readonly damagedReplies: number;
  readonly discardedBytes: number;
  /** Median milliseconds from the request's last byte to the reply's first; null while nothing was answered. */
  readonly turnaround: number | null;
  readonly verdict: AlignmentVerdict;
}

export type AlignmentVerdict =
  | 'good'
  | 'hold-still'
  | 'unsteady'
  | 'damaged'
  | 'foreign'
  | 'echo-only'
  | 'noise'
  | 'nothing';

export const ALIGNMENT_WINDOW = 10_000;
/** A head that sits well has nearly every request answered, which shows after a few of them. */
const GOOD = 0.9;
const FEW = 4;

/** Collects tries; pure but for what it remembers of the last ten seconds. Times are milliseconds of a steady clock. */
export class AlignmentWindow {
  private tries: Array<SeenTry & { readonly at: number }> = [];

  add(seen: SeenTry, at: number): void {
    this.tries.push({ ...seen, at });
  }

  view(now: number): Alignment {
    this.tries = this.tries.filter(({ at }) => now - at < ALIGNMENT_WINDOW);
    const { tries } = this;
    const observed = tries.reduce((sum, { observation }) => addObservations(sum, observation), NOTHING_SEEN);
    const turnarounds = tries.flatMap(({ turnaround }) => (turnaround === null ? [] : [turnaround]));
    const { damagedReplies, discardedBytes } = observed;
    return {
      asked: tries.length,
      answered: turnarounds.length,
      echoSeen: observed.echoes > 0,
      damagedReplies,
      discardedBytes,
      turnaround: median(turnarounds),
      verdict: verdictOf(tries.length, turnarounds.length, observed),
    };
  }
}

function verdictOf(asked: number, answered: number, seen: Observation): AlignmentVerdict {
  if (answered > 0) {
    if (answered < asked * GOOD || seen.damagedReplies > 0) return 'unsteady';
    return answered < FEW ? 'hold-still' : 'good';
  }
  if (seen.damagedReplies > 0) return 'damaged';
  if (seen.foreignFrames + seen.earlyReplies > 0) return 'foreign';
  if (seen.bytes === 0) return 'nothing';
  return seen.discardedBytes > 0 ? 'noise' : 'echo-only';
}

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)];
  return middle === undefined ? null : Math.round(middle);
}

const WAKE = 'press a button on the meter, or check the magnet in the head';

/** Tells the person whose hand is on the head what to do next. */
export function alignmentAdvice({ verdict, asked }: Alignment): string {
  if (asked === 0) return 'Asking the meter for the first time.';
  switch (verdict) {
    case 'good':
      return 'The head sits well. Fix it just as it is.';
    case 'hold-still':
      return 'The meter answers: hold the head still for a moment.';
    case 'unsteady':
      return 'The meter answers, but not every time: move the head a millimetre at a time until it does.';
    case 'damaged':
      return 'The meter answers, but its bytes arrive damaged: press the head flat, move it a millimetre, keep bright light away.';
    case 'foreign':
      return 'Frames arrive that are no answer to us: is another program or another meter on this line?';
    case 'echo-only':
      return `Your own light comes back but the meter does not answer: ${WAKE}, then move the head a few millimetres up, or turn it.`;
    case 'noise':
      return 'Bytes arrive that no meter sent: keep bright light away, press the head flat, and check that it is the right port.';
    case 'nothing':
      return `Nothing comes back: ${WAKE}, then move the head a few millimetres up or down, or turn it; if nothing helps, check cable and port.`;
  }
}
