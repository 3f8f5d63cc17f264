/** Randomness comes in from outside: 0 inclusive to 1 exclusive. */
export type Random = () => number;

const JITTER = 1 / 4;

/** Doubling delays between `first` and `longest` milliseconds, with up to a quarter of jitter in them. */
export class BackOff {
  private readonly first: number;
  private readonly longest: number;
  private readonly random: Random;
  private attempts = 0;

  constructor(first: number, longest: number, random: Random) {
    this.first = first;
    this.longest = longest;
    this.random = random;
  }

  next(): number {
    const delay = Math.min(this.first * 2 ** this.attempts, this.longest / (1 + JITTER));
    this.attempts++;
    return delay * (1 + this.random() * JITTER);
  }

  reset(): void {
    this.attempts = 0;
  }
}
