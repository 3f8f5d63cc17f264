import type { MeterConfig } from '../meter/config.ts';
import { cronsOf } from '../meter/schedules.ts';
import type { Clock } from '../shared/clock.ts';
import { isWallTime } from '../shared/credible-clock.ts';
import { Slots } from '../shared/slots.ts';

interface Known {
  readonly slots: Slots;
  from: number;
  next: number;
}

/** When each meter is read next by its schedule. Many meters share a few schedules: each is looked up once a slot. */
export class NextReadings {
  private readonly clock: Clock;
  private readonly known = new Map<string, Known>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Null where it cannot be told. */
  of({ schedule, timezone }: Pick<MeterConfig, 'schedule' | 'timezone'>): number | null {
    const now = this.clock.now();
    if (!isWallTime(now)) return null;
    const next = Math.min(...cronsOf(schedule).map((cron) => this.after(cron, timezone, now)));
    return Number.isFinite(next) ? next : null;
  }

  private after(cron: string, timezone: string, now: number): number {
    const name = `${timezone} ${cron}`;
    const known = this.known.get(name) ?? { slots: new Slots(cron, timezone), from: 0, next: 0 };
    this.known.set(name, known);
    // The clock may be set back.
    if (now < known.from || now >= known.next) {
      known.from = now;
      known.next = known.slots.next(now) ?? Number.POSITIVE_INFINITY;
    }
    return known.next;
  }
}
