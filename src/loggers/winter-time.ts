import type { LoggerName } from '../catalogue/loggers.ts';
import { R } from '../catalogue/register.ts';
import { DAY } from '../shared/schedule.ts';
import type { IdRange } from './id-range.ts';
import type { LogParts } from './log-parts.ts';
import { isSummer } from './seen-clock.ts';
import { stampIn } from './stamp.ts';

const A_YEAR = 366;
/** A meter that stood still for some days has fewer rows than there were days. */
const A_WEEK = 7;

/**
 * Whether a meter's midnight is that of winter all year. Dates alone do not tell, and its clock tells only in summer: in
 * winter one row of the summer is asked for what it says of daylight saving. Undefined where nothing tells; a row of the
 * summer that says nothing is as one that goes by the clocks, so that it is not asked for again.
 */
export async function keepsWinterTime(
  { look, access, visit, memory }: LogParts,
  logger: LoggerName,
  time: readonly number[],
  listed: readonly number[] | null,
  newest: number,
  missing: readonly IdRange[],
): Promise<boolean | undefined> {
  const { clock } = look;
  if (clock === null || time.includes(R.dateTime)) return false;
  const seen = clock.keepsWinterTime ?? memory.keepsWinterTime;
  if (seen !== undefined) return seen;
  if (logger !== 'day' || listed?.includes(R.dateTime) !== true) return undefined;
  const days = daysSinceSummer(clock.now, clock.timezone);
  const id = newest - days;
  if (!missing.some(({ from }) => from <= id)) return undefined;
  const wanted = { logger, from: id, to: id, registers: [R.dateTime] };
  const { rows } = await visit((session) => access.rows(session, wanted));
  const stamp = stampIn(rows[0]?.records ?? []);
  memory.keepsWinterTime = stamp?.daylightSaving === 0;
  return memory.keepsWinterTime;
}

/** Since a day that was surely in it; infinite where the clocks never change. */
function daysSinceSummer(now: number, timezone: string): number {
  for (let days = 1; days <= A_YEAR; days++) if (isSummer(now - days * DAY, timezone)) return days + A_WEEK;
  return Number.POSITIVE_INFINITY;
}
