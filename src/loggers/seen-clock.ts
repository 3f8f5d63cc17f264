import type { RegisterRecord } from '../kmp/register.ts';
import { isWallTime } from '../shared/credible-clock.ts';
import { offsetAt, standardOffsetAt } from '../shared/zoned-time.ts';
import { momentsMeant, type Stamp, stampIn } from './stamp.ts';

/** A meter's clock beside ours, in one moment. */
export interface SeenClock {
  readonly timezone: string;
  /** Milliseconds since 1970, by the computer's clock. */
  readonly now: number;
  /** What the meter's clock says, as if it were right about everything but the time. */
  readonly shown: number;
  /** It stays at standard time all year; undefined in winter, which does not tell. */
  readonly keepsWinterTime: boolean | undefined;
}

/** Null where the meter's clock was never set, or it tells none; and while that of the computer is not set. */
export function seenClock(
  records: readonly RegisterRecord[],
  now: number,
  timezone: string,
): SeenClock | null {
  const stamp = stampIn(records);
  if (stamp === null || !isWallTime(now)) return null;
  const readings = [false, true].flatMap((keepsWinterTime) =>
    momentsMeant(stamp, { timezone, keepsWinterTime }).map((shown) => ({ shown, keepsWinterTime })),
  );
  const [first, ...others] = readings as [(typeof readings)[number], ...typeof readings];
  // A meter that does not say which of the two it keeps is thought to be as right as it can be.
  const best = others.reduce(
    (nearest, each) => (Math.abs(each.shown - now) < Math.abs(nearest.shown - now) ? each : nearest),
    first,
  );
  return { timezone, now, shown: best.shown, keepsWinterTime: keepsWinterTime(stamp, best, now, timezone) };
}

function keepsWinterTime(
  { daylightSaving }: Stamp,
  best: { readonly keepsWinterTime: boolean },
  now: number,
  timezone: string,
): boolean | undefined {
  if (!isSummer(now, timezone)) return undefined;
  return daylightSaving === null ? best.keepsWinterTime : daylightSaving === 0;
}

/** The place's clocks are ahead of its standard time. */
export function isSummer(time: number, timezone: string): boolean {
  return offsetAt(time, timezone) !== standardOffsetAt(time, timezone);
}
