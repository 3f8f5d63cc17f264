import type { IdRange } from './id-range.ts';
import type { LogOrder } from './log-reading.ts';

/** Those of `all` that none of `known` holds, ascending. `known` may overlap, and stand in any order. */
export function missingIn(all: IdRange, known: readonly IdRange[]): readonly IdRange[] {
  let missing: readonly IdRange[] = all.from <= all.to ? [all] : [];
  for (const { from, to } of known)
    missing = missing.flatMap((range) => [
      ...(range.from < from ? [{ from: range.from, to: Math.min(range.to, from - 1) }] : []),
      ...(range.to > to ? [{ from: Math.max(range.from, to + 1), to: range.to }] : []),
    ]);
  return missing;
}

export function countOf(ranges: readonly IdRange[]): number {
  return ranges.reduce((sum, { from, to }) => sum + to - from + 1, 0);
}

/** What is asked for next: at most `most` ids, without a gap. Undefined where none is missing. */
export function nextAsked(missing: readonly IdRange[], order: LogOrder, most: number): IdRange | undefined {
  const range = order === 'newest' ? missing.at(-1) : missing[0];
  if (range === undefined) return undefined;
  const { from, to } = range;
  return order === 'newest'
    ? { from: Math.max(from, to - most + 1), to }
    : { from, to: Math.min(to, from + most - 1) };
}

/** Of rows in ascending order, those right beside what is missing: nothing else is needed to tell where that belongs. */
export function beside<Row extends { readonly id: number }>(
  rows: readonly Row[],
  missing: readonly IdRange[],
): readonly Row[] {
  const neighbours = missing.flatMap(({ from, to }) => [
    rows.findLast(({ id }) => id < from),
    rows.find(({ id }) => id > to),
  ]);
  return [...new Set(neighbours)].filter((row) => row !== undefined);
}
