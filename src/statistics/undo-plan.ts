import { type CountedRow, countedRows, type HourRow, isSame, zeroOf } from './hour-row.ts';
import type { Imported } from './import-memory.ts';

export interface UndoPlan {
  /** Those that are empty go away; the others are Home Assistant's own again. */
  readonly rows: readonly Partial<HourRow>[];
  /** To be added to all sums from then on, when the rows are written. */
  readonly shift: { readonly from: number; readonly by: number } | undefined;
  /** Hours that are not any more as they were brought in. */
  readonly changed: number;
  /** Somebody has moved the sums since: they are not moved back. */
  readonly isShiftLost: boolean;
}

/**
 * How an import is taken back. Home Assistant deletes no single row, and `clear_statistics` would take its own ones too: a
 * row that has neither state, sum nor mean shows nothing. Then the sums of its own rows are again what they were.
 */
export function planUndo(
  { kind, rows, replaced, zeros }: Imported,
  hours: readonly HourRow[],
  fiveMinutes: readonly Pick<HourRow, 'start' | 'state' | 'sum'>[],
): UndoPlan {
  const told = ({ state, mean }: HourRow): number | null => (kind === 'mean' ? mean : state);
  const there = new Map(hours.filter((row) => told(row) !== null).map((row) => [row.start, row]));
  const present = rows.filter(([start]) => there.has(start));
  const unchanged = present.filter(([start, value]) =>
    isSame(told(there.get(start) as HourRow) as number, value),
  );
  const former = new Map(replaced.map((row) => [row.start, row]));
  const undone = unchanged.map(([start]) => {
    const own = former.get(start);
    return own === undefined ? { start } : restored(own, there.get(start) as HourRow);
  });
  const imported = new Set(rows.map(([start]) => start));
  const own = [...hours.filter(({ start }) => !imported.has(start) || former.has(start)), ...fiveMinutes];
  const [first] = countedRows(own);
  return { rows: undone, ...shiftBack(zeros, first), changed: present.length - unchanged.length };
}

/** With the sum as it was before the sums were shifted: it is shifted back with all others. */
function restored(own: HourRow, now: HourRow): Partial<HourRow> {
  if (own.state === null || now.state === null || now.sum === null) return own;
  return { ...own, sum: own.state - zeroOf({ state: now.state, sum: now.sum }) };
}

function shiftBack(
  zeros: readonly number[],
  first: CountedRow | undefined,
): Pick<UndoPlan, 'shift' | 'isShiftLost'> {
  const [before] = zeros;
  if (before === undefined || first === undefined) return { shift: undefined, isShiftLost: false };
  const now = zeroOf(first);
  if (isSame(now, before)) return { shift: undefined, isShiftLost: false };
  if (!zeros.some((zero) => isSame(zero, now))) return { shift: undefined, isShiftLost: true };
  return { shift: { from: first.start, by: now - before }, isShiftLost: false };
}
