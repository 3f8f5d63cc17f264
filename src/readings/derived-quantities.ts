import { AMOUNT_QUANTITIES } from './amount-quantities.ts';
import { PROBLEM_GROUPS, problemLabel, problemQuantity } from './info/problem-groups.ts';
import type { ReadingNature } from './reading.ts';

/** A quantity that is in no register, but follows from some. */
export interface DerivedQuantity {
  /** The public name in topics and JSON. Never changed, never used twice. */
  readonly quantity: string;
  /** For a person, in English and sentence case. */
  readonly label: string;
  readonly nature: ReadingNature;
  /** Sets of registers, each of which is enough for it. */
  readonly from: readonly (readonly number[])[];
}

type Row = readonly [string, string, ReadingNature, DerivedQuantity['from']?];

const ROWS: readonly Row[] = [
  ['info', 'Info', 'message'],
  ...PROBLEM_GROUPS.map((group): Row => [problemQuantity(group), problemLabel(group), 'problem']),
  ...AMOUNT_QUANTITIES,
];

const BY_NAME: ReadonlyMap<string, DerivedQuantity> = new Map(
  ROWS.map(([quantity, label, nature, from = []]) => [quantity, { quantity, label, nature, from }]),
);

export const DERIVED_QUANTITY_NAMES: readonly string[] = Array.from(BY_NAME.keys());

/** Undefined for a name that is not (any more) derived. */
export function derivedQuantity(quantity: string): DerivedQuantity | undefined {
  return BY_NAME.get(quantity);
}
