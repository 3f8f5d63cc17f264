import { describe, expect, test } from 'vitest';
import { BackOff, sleep, systemClock } from '../../src/shared/clock.ts';
import { FakeClock } from '../support/fake-clock.ts';

describe('back off', () => {
  function delays(backOff: BackOff, count: number): number[] {
    return Array.from({ length: count }, () => backOff.next());
  }

  test('each delay is twice the one before, up to the longest', () => {
    const backOff = new BackOff(1_000, 60_000, () => 0);
    expect(delays(backOff, 8)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 48_000, 48_000]);
  });

  test('it stays at the longest delay however often it is asked', () => {
    const backOff = new BackOff(1_000, 60_000, () => 0);
    expect(delays(backOff, 2_000).at(-1)).toBe(48_000);
    const unlucky = new BackOff(1_000, 60_000, () => 1);
    expect(delays(unlucky, 2_000).at(-1)).toBe(60_000);
  });

  test('jitter adds up to a quarter, so that many bridges do not knock at the same moment', () => {
    const randoms = [0.5, 0.999];
    const backOff = new BackOff(1_000, 60_000, () => randoms.shift() ?? 0);
    expect(backOff.next()).toBe(1_125);
    expect(backOff.next()).toBeCloseTo(2_499.5);
    expect(backOff.next()).toBe(4_000);
  });

  test('after a reset it begins with the first delay again', () => {
    const backOff = new BackOff(1_000, 60_000, () => 0);
    delays(backOff, 5);
    backOff.reset();
    expect(delays(backOff, 2)).toEqual([1_000, 2_000]);
  });
});

describe('clock', () => {
  describe('sleep', () => {
    test('lasts as long as asked, and leaves no timer', async () => {
      const clock = new FakeClock();
      await clock.runUntil(sleep(clock, 1_500));
      expect(clock.monotonic()).toBe(1_500);
      expect(clock.pendingTimers).toBe(0);
    });

    test.each([0, -5])('of %d ms is over at once', async (delay) => {
      const clock = new FakeClock();
      await sleep(clock, delay);
      expect(clock.pendingTimers).toBe(0);
    });

    test('is over at once when it was called off before', async () => {
      const clock = new FakeClock();
      await sleep(clock, 60_000, AbortSignal.abort());
      expect(clock.pendingTimers).toBe(0);
    });

    test('ends early when it is called off, and leaves no timer', async () => {
      const clock = new FakeClock();
      const caller = new AbortController();
      const sleeping = sleep(clock, 60_000, caller.signal);
      await clock.advance(10);
      caller.abort();
      await sleeping;
      expect(clock.monotonic()).toBe(10);
      expect(clock.pendingTimers).toBe(0);
    });

    test('that ran its time no longer listens for being called off', async () => {
      const clock = new FakeClock();
      const { signal } = new AbortController();
      const heard: string[] = [];
      const remove = signal.removeEventListener.bind(signal);
      signal.removeEventListener = (...args: Parameters<typeof remove>) => {
        heard.push(args[0]);
        remove(...args);
      };
      await clock.runUntil(sleep(clock, 5, signal));
      expect(heard).toEqual(['abort']);
    });
  });

  describe('the clock of the system', () => {
    test('knows the time of day', () => {
      const before = Date.now();
      expect(systemClock.now()).toBeGreaterThanOrEqual(before);
      expect(systemClock.now()).toBeLessThanOrEqual(Date.now());
    });

    test('calls once the delay is over', async () => {
      const begin = systemClock.monotonic();
      await new Promise<void>((resolve) => systemClock.after(15, resolve));
      // Node counts timers in whole milliseconds.
      expect(systemClock.monotonic() - begin).toBeGreaterThan(13);
    });

    test('does not call what was called off', async () => {
      let called = false;
      const cancel = systemClock.after(1, () => {
        called = true;
      });
      cancel();
      await sleep(systemClock, 10);
      expect(called).toBe(false);
    });
  });
});
