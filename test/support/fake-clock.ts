import { setImmediate } from 'node:timers';
import type { Clock } from '../../src/shared/clock.ts';

interface Timer {
  readonly due: number;
  readonly action: () => void;
}

/** How long `runUntil` waits in real time for files and sockets when no timer is left: long, for slow disks. */
const REAL_PATIENCE = 100_000;
const A_DAY = 86_400_000;

/**
 * Time that moves only when a test says so. Timers run in the order in which they are due (the older one first
 * when two are due at once), at exactly their due time, and promises settle between any two of them.
 */
export class FakeClock implements Clock {
  private wall: number;
  private elapsed = 0;
  private timers: readonly Timer[] = [];

  /** `now`: the wall clock at the start, by default a winter morning. */
  constructor(now = Date.UTC(2026, 0, 15, 9, 30)) {
    this.wall = now;
  }

  /** In whole milliseconds, as the system tells it. */
  now(): number {
    return Math.floor(this.wall + this.elapsed);
  }

  monotonic(): number {
    return this.elapsed;
  }

  after(delay: number, action: () => void): () => void {
    const timer: Timer = { due: this.elapsed + Math.max(0, delay), action };
    const later = this.timers.findIndex(({ due }) => due > timer.due);
    const at = later === -1 ? this.timers.length : later;
    this.timers = [...this.timers.slice(0, at), timer, ...this.timers.slice(at)];
    return () => {
      this.timers = this.timers.filter((each) => each !== timer);
    };
  }

  /** Timers that nobody has called off: 0 after everything was stopped. */
  get pendingTimers(): number {
    return this.timers.length;
  }

  /** Somebody sets the wall clock; durations are not touched. */
  setWallClock(now: number): void {
    this.wall = now - this.elapsed;
  }

  /** The program stands still so long: what is due in the meantime comes when it goes on. */
  stall(duration: number): void {
    this.elapsed += duration;
  }

  /** Lets `duration` milliseconds pass with everything that is due in them. `advance(0)` only lets promises settle. */
  async advance(duration = 0): Promise<void> {
    const end = this.elapsed + duration;
    await settle();
    while (this.runNext(end)) await settle();
    this.elapsed = end;
    await settle();
  }

  /**
   * Goes from timer to timer until `promise` settles and hands over its outcome. Real files and sockets get their
   * turn when no timer is left, for `patience` real milliseconds. Fails when nothing can settle it any more or `limit`
   * milliseconds have passed.
   */
  async runUntil<T>(promise: Promise<T>, limit = A_DAY, patience = REAL_PATIENCE): Promise<T> {
    let settled = false;
    const settling = (): void => {
      settled = true;
    };
    promise.then(settling, settling);
    const end = this.elapsed + limit;
    let idleSince: number | undefined;
    await settle();
    while (!settled) {
      if (this.runNext(end)) {
        idleSince = undefined;
      } else {
        if (this.timers.length > 0) throw new Error(`not settled within ${limit} ms of fake time`);
        idleSince ??= performance.now();
        if (performance.now() - idleSince > patience) throw new Error('not settled, and no timer is left');
      }
      await settle();
    }
    return promise;
  }

  private runNext(end: number): boolean {
    const [first, ...rest] = this.timers;
    if (first === undefined || first.due > end) return false;
    this.timers = rest;
    this.elapsed = Math.max(this.elapsed, first.due);
    first.action();
    return true;
  }
}

/** A turn of the event loop: every promise that can settle has settled, and all that hangs on it. */
function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
