/** Milliseconds of an hour, the period of a row. */
export const HOUR = 3_600_000;

/** One hour of a statistic in Home Assistant, in the statistic's own unit. Null: it has nothing of that. */
export interface HourRow {
  /** Milliseconds since 1970 at which the hour begins; always a full hour of UTC. */
  readonly start: number;
  /** Of a total: what it stood at when the hour ended, and what Home Assistant had counted by then. */
  readonly state: number | null;
  readonly sum: number | null;
  readonly mean: number | null;
  readonly min: number | null;
  readonly max: number | null;
}

/** A row of a total that says something: one that was taken back is there, but empty. */
export interface CountedRow {
  readonly start: number;
  readonly state: number;
  readonly sum: number;
}

/** Empty rows left out, ascending. */
export function countedRows(
  rows: readonly Pick<HourRow, 'start' | 'state' | 'sum'>[],
): readonly CountedRow[] {
  return rows
    .flatMap(({ start, state, sum }) => (state === null || sum === null ? [] : [{ start, state, sum }]))
    .sort((one, other) => one.start - other.start);
}

/** The reading at which Home Assistant began to count: the same for all rows that follow from each other. */
export function zeroOf({ state, sum }: Pick<CountedRow, 'state' | 'sum'>): number {
  return state - sum;
}

/**
 * Whether two numbers that came through Home Assistant's floating point are the same one: it adds thousands of
 * differences to a sum. A last digit of any meter is a thousand times as much.
 */
export function isSame(one: number, other: number): boolean {
  return Math.abs(one - other) <= 1e-6 + 1e-9 * Math.max(Math.abs(one), Math.abs(other));
}
