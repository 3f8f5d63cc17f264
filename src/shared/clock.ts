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

/** Time comes in from outside, so that tests decide what time it is. All figures in milliseconds. */
export interface Clock {
  /** Wall clock: milliseconds since 1970. May jump; for stamps only. */
  now(): number;
  /** What the wall clock says, where `now` does not believe it. */
  said?(): number;
  /** Never goes back; for durations and deadlines. Has fractions. */
  monotonic(): number;
  /** Calls once after at least `delay`; the returned function calls it off. */
  after(delay: number, action: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(delay, action) {
    const timer = setTimeout(action, delay);
    return () => clearTimeout(timer);
  },
};

/** Resolves after `delay`, or at once when `signal` is aborted. */
export function sleep(clock: Clock, delay: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted || delay <= 0) return resolve();
    const done = (): void => {
      cancel();
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const cancel = clock.after(delay, done);
    signal?.addEventListener('abort', done, { once: true });
  });
}

export function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** Resolves when `work` has ended, or after `longest` milliseconds, whichever comes first; rejects as `work` does. */
export async function endedWithin(clock: Clock, longest: number, work: Promise<unknown>): Promise<void> {
  const ended = new AbortController();
  try {
    await Promise.race([work, sleep(clock, longest, ended.signal)]);
  } finally {
    ended.abort();
  }
}
