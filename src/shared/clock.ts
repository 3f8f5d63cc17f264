/** Time comes in from outside, so that tests decide what time it is. All figures in milliseconds. */
export interface Clock {
  /** Wall clock: milliseconds since 1970. May jump; for stamps only. */
  now(): number;
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
