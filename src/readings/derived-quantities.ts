import { PROBLEM_GROUPS, problemLabel, problemQuantity } from './info/problem-groups.ts';
import type { ReadingNature } from './reading.ts';

/** A quantity that is in no register, but follows from some. */
export interface DerivedQuantity {
  /** The public name in topics and JSON. Never changed, never used twice. */
  readonly quantity: string;
  /** For a person, in English and sentence case. */
  readonly label: string;
  readonly nature: ReadingNature;
}

const ROWS: readonly (readonly [quantity: string, label: string, nature: ReadingNature])[] = [
  ['info', 'Info', 'message'],
  ...PROBLEM_GROUPS.map((group) => [problemQuantity(group), problemLabel(group), 'problem'] as const),
];

const BY_NAME: ReadonlyMap<string, DerivedQuantity> = new Map(
  ROWS.map(([quantity, label, nature]) => [quantity, { quantity, label, nature }]),
);

/** Undefined for a name that is not (any more) derived. */
export function derivedQuantity(quantity: string): DerivedQuantity | undefined {
  return BY_NAME.get(quantity);
}
