import { type CountedRow, countedRows, HOUR, type HourRow, isSame, zeroOf } from './hour-row.ts';

/** What a total stood at when an hour ended, in the unit of its statistic. */
export interface TotalPoint {
  readonly start: number;
  readonly state: number;
  /** How much its last digit is. */
  readonly digit: number;
}

/** Points that are not brought in, and why. */
export interface LeftAlone {
  readonly count: number;
  readonly why: string;
}

export interface TotalPlan {
  /** To be written, ascending. */
  readonly rows: readonly CountedRow[];
  /** To be added to all sums from then on, when the rows are there. */
  readonly shift: { readonly from: number; readonly by: number } | undefined;
  /** The rows of Home Assistant's own in whose place others come. */
  readonly replaced: readonly CountedRow[];
  readonly leftAlone: readonly LeftAlone[];
  /** The reading at which Home Assistant began to count, before and after it; undefined where it does not count yet. */
  readonly zero: { readonly before: number; readonly after: number } | undefined;
}

export interface TotalSituation {
  /** What Home Assistant has by the hour, and by five minutes, ascending. */
  readonly hours: readonly HourRow[];
  readonly fiveMinutes: readonly Pick<HourRow, 'start' | 'state' | 'sum'>[];
  /** Ascending. */
  readonly points: readonly TotalPoint[];
  /** The last hour that may be written: the recorder itself writes later ones. */
  readonly last: number;
  /** Whether a row of Home Assistant's own gives way. */
  readonly replace: boolean;
}

const GOES_BACK = 'it does not fit between what Home Assistant has before and after it';
const BEGINS_ANEW = 'Home Assistant counts from another zero after this gap than before it';
const COUNTS_NOTHING =
  'Home Assistant has no statistics of it yet: they begin some minutes after its first reading';

/**
 * How logged totals come into a statistic without a jump (seen in Core 2026.11):
 *
 *      imported, sum = state - zero           Home Assistant's own, from zero on
 *   ───────────────────────────────────────┬─────────────────────────────────────▶
 *   then all of it is shifted, so that the first sum is 0: the first row's use is its sum
 *
 * Where both sides of a gap count from the same zero, what lies in it is filled in the same way.
 */
export function planTotal(situation: TotalSituation): TotalPlan {
  const { hours, fiveMinutes, points, last, replace } = situation;
  const own = countedRows(hours);
  const borders = [...own, ...firstAfter(own, countedRows(fiveMinutes))];
  const [first] = borders;
  if (first === undefined)
    return {
      ...NOTHING,
      leftAlone: points.length === 0 ? [] : [{ count: points.length, why: COUNTS_NOTHING }],
    };
  const isThere = new Map(own.map((row) => [row.start, row]));
  const allowed = points.filter(({ start }) => start <= last);
  const replaced = replace ? allowed.flatMap((point) => rowToReplace(point, isThere, first)) : [];
  const { rows, misfits, leftAlone } = between(
    borders,
    allowed,
    new Map(replaced.map((row) => [row.start, row])),
  );
  // What stays after all is again a border for those beside it.
  const kept = new Set(replaced.filter(({ start }) => misfits.has(start)).map(({ start }) => start));
  if (kept.size > 0)
    return planTotal({ ...situation, points: points.filter(({ start }) => !kept.has(start)) });
  const earliest = [...rows.slice(0, 1), ...own.slice(0, 1)].sort((a, b) => a.start - b.start)[0];
  const shift = earliest && shiftFrom(earliest, first, points);
  const zero = zeroOf(first);
  return { rows, shift, replaced, leftAlone, zero: { before: zero, after: zero - (shift?.by ?? 0) } };
}

interface Fitting {
  readonly rows: readonly CountedRow[];
  /** Points that no row comes of. */
  readonly misfits: ReadonlySet<number>;
  readonly leftAlone: readonly LeftAlone[];
}

/** Of points that lie between what is there, or in place of it, those that make no use go back. */
function between(
  borders: readonly CountedRow[],
  points: readonly TotalPoint[],
  gone: ReadonlyMap<number, CountedRow>,
): Fitting {
  const kept = borders.filter(({ start }) => !gone.has(start));
  const isKept = new Set(kept.map(({ start }) => start));
  const rows: CountedRow[] = [];
  const misfits = new Map<number, string>();
  let next = kept.length - 1;
  // Of the points that were taken: each older one has to be at most as much.
  let ceiling = Number.POSITIVE_INFINITY;
  for (const { start, state, digit } of points.toReversed()) {
    if (isKept.has(start)) continue;
    while (next >= 0 && (kept[next] as CountedRow).start > start) next--;
    const [before, after] = [kept[next], kept[next + 1]];
    // The recorder goes on here by itself; what lies behind its last row is filled once it has.
    if (after === undefined) {
      misfits.set(start, '');
      continue;
    }
    const [least, most] = [before?.state ?? Number.NEGATIVE_INFINITY, Math.min(ceiling, after.state)];
    const zero = zeroAt(gone.get(start), before, after);
    if (zero === undefined) misfits.set(start, BEGINS_ANEW);
    else if (state >= least && state <= most) {
      rows.push({ start, state, sum: state - zero });
      ceiling = state;
    }
    // A last digit is rounded here and there: such a row would say nothing that its neighbour does not.
    else misfits.set(start, state < least - digit || state > most + digit ? GOES_BACK : '');
  }
  const leftAlone = [BEGINS_ANEW, GOES_BACK].flatMap((why) => {
    const count = [...misfits.values()].filter((each) => each === why).length;
    return count === 0 ? [] : [{ count, why }];
  });
  return { rows: rows.reverse(), misfits: new Set(misfits.keys()), leftAlone };
}

const NOTHING = { rows: [], shift: undefined, replaced: [], zero: undefined } as const;

/** Behind the last full hour, what the recorder compiles an hour from when that is over. */
function firstAfter(own: readonly CountedRow[], fiveMinutes: readonly CountedRow[]): readonly CountedRow[] {
  const since = (own.at(-1)?.start ?? Number.NEGATIVE_INFINITY) + HOUR;
  return fiveMinutes
    .filter(({ start }) => start >= since)
    .slice(0, 1)
    .map((row) => ({ ...row, start: row.start - (row.start % HOUR) }));
}

/** Not the first of all: what Home Assistant counted in it would change without a row before it. */
function rowToReplace(
  { start, state }: TotalPoint,
  isThere: ReadonlyMap<number, CountedRow>,
  first: CountedRow,
): readonly CountedRow[] {
  const row = isThere.get(start);
  return row === undefined || row.start === first.start || isSame(row.state, state) ? [] : [row];
}

/** Undefined where none fits both sides. */
function zeroAt(
  instead: CountedRow | undefined,
  before: CountedRow | undefined,
  after: CountedRow,
): number | undefined {
  if (instead !== undefined) return zeroOf(instead);
  if (before !== undefined && !isSame(zeroOf(before), zeroOf(after))) return undefined;
  return zeroOf(after);
}

/**
 * Where rows come before the first one, or came in an import that was cut short before its shift: its sum is still below
 * zero, which no total of Home Assistant's own is.
 */
function shiftFrom(
  earliest: CountedRow,
  first: CountedRow,
  points: readonly TotalPoint[],
): TotalPlan['shift'] {
  const isOurs =
    earliest !== first ||
    points.some(({ start, state }) => start === first.start && isSame(state, first.state));
  if (!isOurs || isSame(earliest.sum, 0) || (earliest === first && earliest.sum > 0)) return undefined;
  return { from: earliest.start, by: -earliest.sum };
}
