import { localDate } from '../shared/zoned-time.ts';
import type { CountedRow } from './hour-row.ts';
import type { LeftAlone } from './total-plan.ts';

/** Use of a local day, or the mean of it. */
export interface DayAmount {
  /** `2026-01-31` */
  readonly date: string;
  readonly amount: number;
}

/** What happened, or would happen, to one statistic. */
export interface StatisticReport {
  /** Its id in Home Assistant. */
  readonly statistic: string;
  readonly quantity: string;
  readonly kind: 'total' | 'mean' | 'cost';
  /** Home Assistant's spelling; empty for none. */
  readonly unit: string;
  readonly rows: number;
  /** Of them: how many stand where a row of Home Assistant's own stood. */
  readonly replaced: number;
  /** Beginning of the first and of the last hour; null without rows. */
  readonly first: number | null;
  readonly last: number | null;
  readonly leftAlone: readonly LeftAlone[];
  /** Those of which something is new. */
  readonly days: readonly DayAmount[];
}

export interface ImportReport {
  readonly statistics: readonly StatisticReport[];
  /** For a person. */
  readonly lines: readonly string[];
}

/** Beside the rows that are new: a day has 25 hours at most. */
const NEAR = 26 * 3_600_000;

/** What each day comes to when these rows are there. Both ascending. */
export function dailyUse(
  own: readonly CountedRow[],
  rows: readonly CountedRow[],
  timezone: string,
): readonly DayAmount[] {
  const [first, last] = [rows[0]?.start, rows.at(-1)?.start];
  if (first === undefined || last === undefined) return [];
  const earlier = own.findLast(({ start }) => start < first - NEAR);
  const near = own.filter(({ start }) => start >= first - NEAR && start <= last + NEAR);
  const all = new Map([...near, ...rows].map((row) => [row.start, row]));
  const ordered = [...all.values()].sort((one, other) => one.start - other.start);
  const changed = new Set(rows.map(({ start }) => localDate(start, timezone)));
  const days = new Map<string, number>();
  // The first of all only says where it begins.
  let before = earlier?.sum ?? ordered[0]?.sum ?? 0;
  for (const { start, sum } of ordered) {
    const date = localDate(start, timezone);
    if (changed.has(date)) days.set(date, (days.get(date) ?? 0) + sum - before);
    before = sum;
  }
  return [...days].map(([date, amount]) => ({ date, amount }));
}

/** `what`: of what the rows are, in a sentence about them. */
export function reportLines(
  name: string,
  statistics: readonly StatisticReport[],
  isDryRun: boolean,
  timezone: string,
): readonly string[] {
  const sentences = statistics.flatMap((each) => {
    const { statistic, quantity, kind, rows, replaced, first, last, leftAlone } = each;
    const what = `${name}, ${kind === 'cost' ? `cost of ${quantity}` : quantity} (${statistic})`;
    const span =
      first === null || last === null
        ? ''
        : `, ${localDate(first, timezone)} to ${localDate(last, timezone)}`;
    const of = replaced === 0 ? '' : `, ${replaced} of them in place of Home Assistant's own`;
    const done = isDryRun ? 'would be brought in' : 'brought in';
    return [
      rows === 0 ? `${what}: nothing to bring in.` : `${what}: ${countOf(rows)} ${done}${span}${of}.`,
      ...leftAlone.map(({ count, why }) => `${what}: ${countOf(count)} left alone: ${why}.`),
    ];
  });
  return isDryRun ? [...dayLines(statistics), ...sentences] : sentences;
}

export function countOf(rows: number): string {
  return `${rows} ${rows === 1 ? 'hour' : 'hours'}`;
}

/** A table of what each day comes to. */
function dayLines(statistics: readonly StatisticReport[]): readonly string[] {
  const shown = statistics.filter(({ days }) => days.length > 0);
  const dates = [...new Set(shown.flatMap(({ days }) => days.map(({ date }) => date)))].sort();
  if (dates.length === 0) return [];
  const table = [
    ['day', ...shown.map(({ quantity, kind, unit }) => `${kind === 'cost' ? 'cost' : quantity} ${unit}`)],
    ...dates.map((date) => [
      date,
      ...shown.map(({ days }) => {
        const amount = days.find((day) => day.date === date)?.amount;
        return amount === undefined ? '-' : String(Number(amount.toFixed(3)));
      }),
    ]),
  ];
  const widths = (table[0] ?? []).map((_, column) =>
    Math.max(...table.map((row) => row[column]?.length ?? 0)),
  );
  return [...table.map((row) => row.map((cell, at) => cell.padStart(widths[at] ?? 0)).join('  ')), ''];
}
