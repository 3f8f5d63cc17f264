import { describe, expect, it } from 'vitest';
import { sleep } from '../../src/shared/clock.ts';
import { FakeClock } from './fake-clock.ts';

describe('a fake clock', () => {
  it('runs timers in the order in which they are due, each at its time', async () => {
    const clock = new FakeClock();
    const ran: string[] = [];
    const note = (name: string) => () => ran.push(`${name} at ${clock.monotonic()}`);
    clock.after(20, note('c'));
    clock.after(10, note('a'));
    clock.after(10, note('b'));
    clock.after(30, note('never'))();
    await clock.advance(100);
    expect(ran).toEqual(['a at 10', 'b at 10', 'c at 20']);
    expect(clock.monotonic()).toBe(100);
    expect(clock.pendingTimers).toBe(0);
  });

  it('lets promises settle between timers, and runs the timers that they set', async () => {
    const clock = new FakeClock();
    const woke: number[] = [];
    const loop = async (): Promise<void> => {
      for (let round = 0; round < 3; round++) {
        await sleep(clock, 10);
        woke.push(clock.monotonic());
      }
    };
    void loop();
    await clock.advance(25);
    expect(woke).toEqual([10, 20]);
  });

  it('goes on until a promise settles, and no further', async () => {
    const clock = new FakeClock();
    clock.after(1000, () => {});
    await clock.runUntil(sleep(clock, 300));
    expect(clock.monotonic()).toBe(300);
    await expect(clock.runUntil(Promise.reject(new Error('no')))).rejects.toThrow('no');
  });

  it('says when a promise will not settle', async () => {
    const clock = new FakeClock();
    clock.after(5000, () => {});
    await expect(clock.runUntil(new Promise(() => {}), 1000)).rejects.toThrow('1000 ms');
    await clock.advance(5000);
    await expect(clock.runUntil(new Promise(() => {}), 0, 50)).rejects.toThrow('no timer is left');
  });

  it('has a wall clock that can be set', async () => {
    const clock = new FakeClock(1000);
    await clock.advance(5);
    expect(clock.now()).toBe(1005);
    clock.setWallClock(0);
    await clock.advance(5);
    expect([clock.now(), clock.monotonic()]).toEqual([5, 10]);
  });

  it('is late with everything after the program stood still', async () => {
    const clock = new FakeClock();
    const ran: number[] = [];
    for (const delay of [10, 20, 90]) clock.after(delay, () => ran.push(clock.monotonic()));
    clock.stall(50);
    expect(ran).toEqual([]);
    await clock.advance(40);
    expect(ran).toEqual([50, 50, 90]);
  });
});
