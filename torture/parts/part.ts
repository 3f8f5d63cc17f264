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
  /** What the names of its faults mean, where they do not say so themselves. */
  readonly faults?: readonly (readonly [name: string, what: string])[];
  readonly run: (context: PartContext) => Promise<void>;
}

/** For a fault to end and for everything to be well again. */
export const RECOVERS_WITHIN = 90_000;
/** The first reading, at a busy machine. */
export const STARTS_WITHIN = 60_000;
