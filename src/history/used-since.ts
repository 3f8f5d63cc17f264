import { convertUnit, type DecimalNumber } from '../readings/conversion.ts';
import type { NumberReading } from '../readings/reading.ts';
import { decimal, NEAR } from './answers.ts';
import type { HistoryQueries, Total } from './queries.ts';
import { HOUR } from './store.ts';

/** What is read so far (ms) from a midnight stands for it: as for the bar of a day. */
const NEAR_MIDNIGHT = 24 * HOUR * NEAR;

/**
 * What a meter has used from a midnight to this reading of a total, which need not be written yet. Undefined where nothing
 * was read near that midnight, or the total does not go on from what is kept: never a wrong number.
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
  const shown = ({ value }: Total) => convertUnit(decimal(value, series.decimals), series.unit, unit)?.value;
  const newest = queries.totalAt(series, readAt + 1, 0);
  if (newest === undefined || !shown(newest)?.lte(now.value)) return undefined;
  const first = queries.totalAt(series, midnight, NEAR_MIDNIGHT);
  if (first === undefined || Math.abs(first.at - midnight) > NEAR_MIDNIGHT) return undefined;
  // The day may begin with this one, which is not written yet.
  if (readAt - midnight < Math.abs(first.at - midnight)) return undefined;
  const before = shown(first);
  return before && { value: now.value.minus(before), decimals: now.decimals };
}
