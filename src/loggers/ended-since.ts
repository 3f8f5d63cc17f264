import type { IdRange } from './id-range.ts';
import type { LoggedRow } from './logged-row.ts';
import { missingIn } from './missing-ids.ts';

type Dated = Pick<LoggedRow, 'id' | 'endedAt'>;

/** Of `missing`, what may have ended since then: nothing below a row that surely ended before. */
export function endedSince(
  missing: readonly IdRange[],
  rows: readonly Dated[],
  since: number | undefined,
): readonly IdRange[] {
  if (since === undefined) return missing;
  const before = rows.filter(({ endedAt }) => endedAt !== null && endedAt < since).map(({ id }) => id);
  const settled = { from: Number.NEGATIVE_INFINITY, to: Math.max(Number.NEGATIVE_INFINITY, ...before) };
  return missing.flatMap((range) => missingIn(range, [settled]));
}

/**
 * The lowest number that is thought to have ended since then, if the meter wrote as often before as in `rows`. Only to say
 * what is ahead: somebody may have set it. Infinitely low where nothing tells.
 */
export function likelyOldest(rows: readonly Dated[], since: number): number {
  const dated = rows
    .flatMap(({ id, endedAt }) => (endedAt === null ? [] : [{ id, endedAt }]))
    .sort((a, b) => a.id - b.id);
  const [oldest, newest] = [dated[0], dated.at(-1)];
  if (oldest === undefined || newest === undefined || newest.endedAt <= oldest.endedAt)
    return Number.NEGATIVE_INFINITY;
  const step = (newest.endedAt - oldest.endedAt) / (newest.id - oldest.id);
  return oldest.id - Math.max(0, Math.floor((oldest.endedAt - since) / step));
}
