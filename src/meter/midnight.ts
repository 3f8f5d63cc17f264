import { periodAt } from '../readings/counter-snapshot.ts';
import type { Clock } from '../shared/clock.ts';

/** The wall clock may be set in the meantime, so it is looked at this often. */
const LOOK_EVERY = 3_600_000;

/** Calls at each midnight of the place, until it is stopped. */
export class Midnight {
  private readonly clock: Clock;
  private readonly timezone: string;
  private readonly action: () => void;
  private cancelTimer: () => void = () => {};

  /** `timezone`: an IANA name, or empty for the system's. */
  constructor(clock: Clock, timezone: string, action: () => void) {
    this.clock = clock;
    this.timezone = timezone;
    this.action = action;
  }

  start(): void {
    const now = this.clock.now();
    const { key, ends } = periodAt('day', now, this.timezone);
    this.cancelTimer = this.clock.after(Math.min(ends - now, LOOK_EVERY), () => {
      if (periodAt('day', this.clock.now(), this.timezone).key !== key) this.action();
      this.start();
    });
  }

  stop(): void {
    this.cancelTimer();
  }
}
