import { describe, expect, it } from 'vitest';
import {
  CredibleClock,
  inWallTime,
  isWallTime,
  momentText,
  UNKNOWN_MOMENT,
  wallTime,
} from '../../src/shared/credible-clock.ts';
import { FakeClock } from '../support/fake-clock.ts';

const RELEASE = Date.UTC(2026, 10, 28);
const RIGHT = Date.UTC(2026, 11, 24, 18);
const HOUR = 3_600_000;

describe('a clock that is not set', () => {
  it.each([
    ['in 1970', 0],
    ['a day before the release', RELEASE - 24 * HOUR],
    ['at the time of its last shutdown, as fake-hwclock leaves it', Date.UTC(2026, 5, 1)],
  ])('%s is not believed', (_, said) => {
    const clock = new CredibleClock(new FakeClock(said), RELEASE);
    expect(isWallTime(clock.now())).toBe(false);
    expect(momentText(clock.now())).toBeNull();
    expect(clock.said()).toBe(said);
  });

  it('counts from the start, however often it is set to something wrong', async () => {
    const fake = new FakeClock(0);
    const clock = new CredibleClock(fake, RELEASE);
    const begin = clock.now();
    await fake.advance(HOUR);
    fake.setWallClock(Date.UTC(2020, 1, 1));
    await fake.advance(HOUR);
    expect(clock.now() - begin).toBe(2 * HOUR);
  });

  it('gives each moment its time once it is set, and not before', async () => {
    const fake = new FakeClock(0);
    const clock = new CredibleClock(fake, RELEASE);
    const start = clock.now();
    await fake.advance(3 * HOUR);
    const moment = clock.now();
    await fake.advance(HOUR);
    expect(wallTime(moment, clock)).toBeNull();
    fake.setWallClock(RIGHT);
    expect([wallTime(moment, clock), wallTime(start, clock)]).toEqual([RIGHT - HOUR, RIGHT - 4 * HOUR]);
    await fake.advance(HOUR);
    expect(wallTime(moment, clock)).toBe(RIGHT - HOUR);
  });

  it('leaves a moment of an earlier run unknown', () => {
    const clock = new CredibleClock(new FakeClock(RIGHT), RELEASE);
    expect(wallTime(UNKNOWN_MOMENT, clock)).toBeNull();
    expect(inWallTime({ readAt: UNKNOWN_MOMENT }, clock)).toEqual({ readAt: UNKNOWN_MOMENT });
  });
});

describe('a clock that is set', () => {
  it('is believed from the day of the release on', () => {
    expect(new CredibleClock(new FakeClock(RELEASE), RELEASE).now()).toBe(RELEASE);
  });

  it('leaves times of the wall clock as they are', () => {
    const clock = new CredibleClock(new FakeClock(RIGHT), RELEASE);
    const reading = { readAt: RIGHT - HOUR };
    expect(inWallTime(reading, clock)).toBe(reading);
    expect(Date.parse(momentText(RIGHT) ?? '')).toBe(RIGHT);
  });
});
