import type { Chance } from '../chance.ts';
import type { Tally } from '../tally.ts';

/** What a part of the torture is given. */
export interface PartContext {
  readonly tally: Tally;
  readonly chance: Chance;
  /** A folder of its own. */
  readonly folder: string;
  /** Serial numbers of its meters begin here. */
  readonly firstNumber: number;
  /** When no new fault may begin, on the monotonic clock. */
  readonly until: number;
}

/** One kind of hostility, with a bridge of its own. Runs side by side with the others. */
export interface Part {
  readonly name: string;
  /** For docs/reliability.md. */
  readonly what: string;
  /** For the same page, where faults are made of several things: the names of all would be long. */
  readonly told?: string;
  /** What the names of its faults mean, where they do not say so themselves. */
  readonly faults?: readonly (readonly [name: string, what: string])[];
  readonly run: (context: PartContext) => Promise<void>;
}

/** Each of `faults` once a round, in an order of its own, until no new one may begin. */
export async function inRounds<Fault extends { readonly name: string }>(
  { chance, until }: PartContext,
  faults: readonly Fault[],
  strike: (fault: Fault, drawn: Chance, round: number) => Promise<void>,
): Promise<void> {
  for (let round = 1; ; round++) {
    for (const fault of chance.fork(round).shuffled(faults)) {
      if (performance.now() >= until) return;
      await strike(fault, chance.fork(`${round} ${fault.name}`), round);
    }
  }
}

/** For a fault to end and for everything to be well again. */
export const RECOVERS_WITHIN = 90_000;
/** The first reading, at a busy machine. */
export const STARTS_WITHIN = 60_000;
