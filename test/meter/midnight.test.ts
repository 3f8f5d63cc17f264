import { expect, it, onTestFinished } from 'vitest';
import { Midnight } from '../../src/meter/timers.ts';
import { FakeClock } from '../support/fake-clock.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

function midnightFrom(now: string, timezone = 'Europe/Amsterdam') {
  const clock = new FakeClock(Date.parse(now));
  const calls: string[] = [];
  const midnight = new Midnight(clock, timezone, () => {
    calls.push(new Date(clock.now()).toISOString().slice(0, 19));
  });
  midnight.start();
  onTestFinished(() => {
    midnight.stop();
    expect(clock.pendingTimers).toBe(0);
  });
  const jump = (by: number): void => clock.setWallClock(clock.now() + by);
  return { clock, calls, jump };
}

it('every midnight of the place comes once, on days of 23 and 25 hours too', async () => {
  const spring = midnightFrom('2026-03-28T12:00Z');
  await spring.clock.advance(2 * DAY);
  expect(spring.calls).toEqual(['2026-03-28T23:00:00', '2026-03-29T22:00:00']);
  const autumn = midnightFrom('2026-10-24T12:00Z');
  await autumn.clock.advance(2 * DAY);
  expect(autumn.calls).toEqual(['2026-10-24T22:00:00', '2026-10-25T23:00:00']);
});

it('a midnight that is left out is the moment of the change', async () => {
  const { clock, calls } = midnightFrom('2026-04-23T12:00Z', 'Africa/Cairo');
  await clock.advance(DAY);
  expect(calls).toEqual(['2026-04-23T22:00:00']);
});

it.each([
  DAY,
  56 * 366 * DAY,
  -DAY,
  -400 * DAY,
  -2 * HOUR,
])('a clock that is set by %i ms to another date brings it within a minute', async (by) => {
  const { clock, calls, jump } = midnightFrom('2026-01-14T23:30Z', 'UTC');
  await clock.advance(HOUR);
  expect(calls).toHaveLength(1);
  jump(by);
  await clock.advance(MINUTE);
  expect(calls).toHaveLength(2);
});

it('a clock that is put right just after midnight brings no other one', async () => {
  const { clock, calls, jump } = midnightFrom('2026-01-14T23:59Z', 'UTC');
  await clock.advance(MINUTE + SECOND);
  jump(-5 * SECOND);
  await clock.advance(MINUTE);
  jump(-10 * MINUTE);
  await clock.advance(HOUR);
  expect(calls).toEqual(['2026-01-15T00:00:00']);
});

it('a program that stood still over midnight has it when it goes on', async () => {
  const { clock, calls } = midnightFrom('2026-01-14T20:00Z', 'UTC');
  clock.stall(3 * DAY);
  await clock.advance(MINUTE);
  expect(calls).toEqual(['2026-01-17T20:00:00']);
});
