import type { IdRange } from './id-range.ts';
import type { LoggedRow } from './logged-row.ts';

interface KnownRows {
  /** Rows that tell all of these. */
  readonly telling: (registers: readonly number[]) => readonly IdRange[];
  /** Ascending. */
  readonly rows: readonly LoggedRow[];
}

/**
 * Rows that need not be asked for: those that tell all `registers`. A total that stood at zero was not asked for, and so rows
 * before the first one that tells it lack it rightly, when it has begun to count.
 */
export function settledRows(
  { telling, rows }: KnownRows,
  registers: readonly number[],
  totals: readonly number[],
): readonly IdRange[] {
  const begun = registers.filter((id) => totals.includes(id));
  const others = registers.filter((id) => !totals.includes(id));
  return begun.reduce((settled, id) => {
    const first = rows.find(({ values }) => values.some(({ register }) => register === id));
    const before = { from: 0, to: (first?.id ?? Number.POSITIVE_INFINITY) - 1 };
    return both(settled, [before, ...telling([id])]);
  }, telling(others));
}

/** What is in the first ranges and in the others. */
function both(ranges: readonly IdRange[], others: readonly IdRange[]): readonly IdRange[] {
  return ranges.flatMap((range) =>
    others
      .map(({ from, to }) => ({ from: Math.max(range.from, from), to: Math.min(range.to, to) }))
      .filter(({ from, to }) => from <= to),
  );
}
