import type { Reading } from '../readings/reading.ts';
import type { Clock } from '../shared/clock.ts';
import { UNKNOWN_MOMENT } from '../shared/credible-clock.ts';
import { regularDistance } from '../shared/schedule-distance.ts';
import type { MeterSettings } from './config.ts';

type Schedules = Pick<MeterSettings, 'schedules' | 'detailSchedule'>;

/** Milliseconds from one reading to the next: of the main registers, and of all others. Infinite for never. */
export interface Rhythm {
  readonly main: number;
  readonly details: number;
}

export function rhythmOf({ schedules, detailSchedule }: Schedules): Rhythm {
  return {
    main: regularDistance(schedules),
    details: detailSchedule === 'never' ? Number.POSITIVE_INFINITY : regularDistance([detailSchedule]),
  };
}

/** So many readings may be missed before what the meter showed then is no longer taken for what it shows. */
const INTERVALS = 3;

/** Knows how old each value is, whatever happens to the wall clock. */
export class Freshness {
  private readonly clock: Pick<Clock, 'now' | 'monotonic'>;
  /** By quantity, on the monotonic clock; only of what was read in this run. */
  private readonly readAt = new Map<string, number>();

  constructor(clock: Pick<Clock, 'now' | 'monotonic'>) {
    this.clock = clock;
  }

  /** To be called with what a reading brought. */
  read(readings: readonly Reading[]): void {
    const now = this.clock.monotonic();
    for (const { quantity } of readings) this.readAt.set(quantity, now);
  }

  /**
   * Milliseconds for which the value may still be shown; none or less: it is of another time. Totals stay true; what was
   * measured in a moment is not, after three of its own intervals.
   */
  left({ quantity, nature, value, readAt }: Reading, interval: number): number {
    if (nature !== 'live' || value.kind === 'unknown') return Number.POSITIVE_INFINITY;
    const byWallClock = this.clock.now() - readAt;
    const read = this.readAt.get(quantity);
    // Read by an earlier run, in the future: the wall clock was set back, and nothing is known of the time between.
    const unknown = readAt === UNKNOWN_MOMENT || byWallClock < -interval ? Number.POSITIVE_INFINITY : 0;
    const byOwnClock = read === undefined ? unknown : this.clock.monotonic() - read;
    // Our own clock stands still while the machine sleeps.
    return INTERVALS * interval - Math.max(byOwnClock, byWallClock);
  }
}
