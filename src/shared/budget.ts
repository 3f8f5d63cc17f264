import type { Clock } from './clock.ts';

/** What is spent comes back with time. */
export class Budget {
  private readonly most: number;
  private readonly perSecond: number;
  private readonly clock: Pick<Clock, 'monotonic'>;
  private left: number;
  private at: number;

  constructor(most: number, perSecond: number, clock: Pick<Clock, 'monotonic'>) {
    this.most = most;
    this.perSecond = perSecond;
    this.clock = clock;
    this.left = most;
    this.at = clock.monotonic();
  }

  /** Even where less is left: what comes next waits the longer. */
  spend(amount: number): void {
    this.refill();
    this.left -= amount;
  }

  /** Milliseconds until there is one; 0: there is now. */
  get wait(): number {
    this.refill();
    return this.left >= 1 ? 0 : ((1 - this.left) / this.perSecond) * 1000;
  }

  get isFull(): boolean {
    this.refill();
    return this.left === this.most;
  }

  private refill(): void {
    const now = this.clock.monotonic();
    this.left = Math.min(this.most, this.left + ((now - this.at) / 1000) * this.perSecond);
    this.at = now;
  }
}
