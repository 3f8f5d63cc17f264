import type { BarLength } from '../shared/bar-length.ts';
import { localDate, momentOf, offsetAt } from '../shared/zoned-time.ts';
import { HOUR } from './store.ts';

/** As many as a wide screen shows. */
export const MOST_BARS = 1_500;

/**
 * From the boundary at or before `from` to the one at or after `to`, as the clocks of the place have them: a day may have 23
 * or 25 hours. Undefined where these are more than `MOST_BARS` bars.
 */
export function boundariesOf(
  span: BarLength,
  from: number,
  to: number,
  timezone: string,
): readonly number[] | undefined {
  const boundaries = [beginningOf(span, from, timezone)];
  for (let last = boundaries[0] as number; last < to || boundaries.length < 2; ) {
    if (boundaries.length > MOST_BARS) return undefined;
    last = nextAfter(span, last, timezone);
    boundaries.push(last);
  }
  return boundaries;
}

function beginningOf(span: BarLength, moment: number, timezone: string): number {
  if (span === 'hour') {
    const local = moment + offsetAt(moment, timezone);
    return moment - (local % HOUR);
  }
  const [year = 0, month = 1, day = 1] = localDate(moment, timezone).split('-').map(Number);
  return midnight(year, span === 'year' ? 1 : month, span === 'day' ? day : 1, timezone);
}

function nextAfter(span: BarLength, boundary: number, timezone: string): number {
  if (span === 'hour') return boundary + HOUR;
  const [year = 0, month = 1, day = 1] = localDate(boundary, timezone).split('-').map(Number);
  if (span === 'year') return midnight(year + 1, 1, 1, timezone);
  return span === 'month' ? midnight(year, month + 1, 1, timezone) : midnight(year, month, day + 1, timezone);
}

/** Months and days beyond the last one go on in the next year or month. */
function midnight(year: number, month: number, day: number, timezone: string): number {
  const date = new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10);
  return momentOf(`${date}T00:00:00`, timezone);
}
