import type { Clock } from './clock.ts';
import { localTime } from './zoned-time.ts';

/**
 * A computer whose clock has no battery begins in 1970 at each start, until the network has told it the time. Such a
 * clock is not believed. A moment is then counted from the start of the program: distances between moments stay right
 * whatever is done to the clock, and once it is set, each of them becomes the time that it was.
 *
 *     0 ── unknown    1 ... 2000 ── since the start of the program    from 2000 on ── the wall clock
 */
const FIRST_WALL_TIME = Date.UTC(2000, 0, 1);

/** A moment of which nothing is known, such as one of an earlier run whose clock was not set. */
export const UNKNOWN_MOMENT = 0;
const FIRST_MOMENT = 1;

/** True for a time of the wall clock, in milliseconds since 1970. */
export function isWallTime(moment: number): boolean {
  return moment >= FIRST_WALL_TIME;
}

/** A clock that is not believed while it says a time before `earliest`. */
export class CredibleClock implements Clock {
  private readonly clock: Clock;
  private readonly earliest: number;

  constructor(clock: Clock, earliest: number) {
    this.clock = clock;
    this.earliest = earliest;
  }

  /** The wall clock, or while it is not believed, the moment since the start. */
  now(): number {
    const said = this.said();
    return said >= this.earliest ? said : FIRST_MOMENT + Math.floor(this.monotonic());
  }

  /** What the wall clock says, believed or not. */
  said(): number {
    return this.clock.now();
  }

  monotonic(): number {
    return this.clock.monotonic();
  }

  after(delay: number, action: () => void): () => void {
    return this.clock.after(delay, action);
  }
}

/** The time of the wall clock that a moment of this run was; null while that cannot be told. */
export function wallTime(moment: number | null, clock: Pick<Clock, 'now' | 'monotonic'>): number | null {
  if (moment === null || isWallTime(moment)) return moment;
  const now = clock.now();
  if (moment === UNKNOWN_MOMENT || !isWallTime(now)) return null;
  return Math.round(now - (FIRST_MOMENT + clock.monotonic() - moment));
}

/** The moment as a wall time where it can be told by now, otherwise unchanged. */
export function inWallTime<Each extends { readonly readAt: number }>(
  each: Each,
  clock: Pick<Clock, 'now' | 'monotonic'>,
): Each {
  const readAt = wallTime(each.readAt, clock) ?? each.readAt;
  return readAt === each.readAt ? each : { ...each, readAt };
}

/** A moment as it is published: ISO 8601 with offset; null where it is not known. */
export function momentText(moment: number | null): string | null {
  return moment === null || !isWallTime(moment) ? null : localTime(moment);
}
