import { convertUnit, type DecimalNumber } from '../readings/conversion.ts';
import type { NumberReading } from '../readings/reading.ts';
import { NEAR, totalAt } from './consumption.ts';
import { decimal } from './decimal.ts';
import type { HistoryQueries } from './queries.ts';
import { HOUR } from './store.ts';

const DAY = 24 * HOUR;

/**
 * What a meter has used from a midnight to this reading of a total, which need not be written yet. Undefined where nothing
 * was read or written down near that midnight, or the total does not go on from what is kept: never a wrong number.
 */
export function usedSince(
  queries: HistoryQueries,
  serialNumber: string,
  midnight: number,
  { quantity, unit, value: now, readAt }: NumberReading,
): DecimalNumber | undefined {
  if (readAt < midnight) return undefined;
  const series = queries.latest(serialNumber, quantity);
  if (series === undefined || series.last > readAt) return undefined;
  const newest = queries.totalAt(series, readAt + 1, 0);
  const shown = newest && convertUnit(decimal(newest.value, series.decimals), series.unit, unit);
  if (!shown?.value.lte(now.value)) return undefined;
  const stretch = { series, from: 0, to: readAt };
  const first = totalAt(queries, stretch, midnight, DAY);
  // What is so far from midnight does not stand for it, as in the bar of a day.
  if (first === undefined || Math.abs(first.at - midnight) > DAY * NEAR) return undefined;
  // The day may begin with this one, which is not written yet.
  if (readAt - midnight < Math.abs(first.at - midnight)) return undefined;
  const before = convertUnit(first, first.unit, unit)?.value;
  return before?.lte(now.value) ? { value: now.value.minus(before), decimals: now.decimals } : undefined;
}
