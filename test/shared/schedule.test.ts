import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { cronSchedule, isCronExpression } from '../../src/shared/schedule.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { PolledLine } from '../support/polled-line.ts';

const HOUR = 3_600_000;

/** Hours since midnight in Greenwich, within a day, at which noon is. */
async function noonIn(timezone: string): Promise<number[]> {
  const hours: number[] = [];
  const begin = Date.now();
  const cron = cronSchedule(new CollectingLogger());
  const end = cron('0 12 * * *', timezone, () => hours.push((Date.now() - begin) / HOUR));
  await vi.advanceTimersByTimeAsync(24 * HOUR - 1);
  end();
  return hours.map(Math.round);
}

it('both schedules of a meter go by its time zone', async () => {
  const home = new PolledLine({ timezone: 'Asia/Tokyo' });
  home.start();
  expect([...home.timezones]).toEqual([
    ['0 * * * *', 'Asia/Tokyo'],
    ['30 3 * * *', 'Asia/Tokyo'],
  ]);
  await home.stop();
});

describe('a schedule', () => {
  beforeEach(() => {
    // A winter's midnight in Greenwich. The schedule has the time of the system, which alone is replaced here.
    vi.useFakeTimers({ now: Date.UTC(2026, 0, 15) });
  });

  afterEach(() => {
    vi.unstubAllEnvs();
    vi.useRealTimers();
  });

  it.each([
    ['Asia/Tokyo', 3],
    ['Europe/Copenhagen', 11],
    ['America/New_York', 17],
  ])('goes by the time of %s', async (timezone, hour) => {
    expect(await noonIn(timezone)).toEqual([hour]);
  });

  it('goes by the time of the system without a time zone', async () => {
    vi.stubEnv('TZ', 'Australia/Brisbane');
    expect(await noonIn('')).toEqual([2]);
  });

  it('is over when it is ended', async () => {
    const action = vi.fn();
    const end = cronSchedule(new CollectingLogger())('* * * * *', '', action);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(action).toHaveBeenCalledTimes(1);
    end();
    await vi.advanceTimersByTimeAsync(600_000);
    expect(action).toHaveBeenCalledTimes(1);
  });

  it('is five or six fields', () => {
    expect(['0 * * * *', '*/3 * * * * *', 'hourly', '61 * * * *'].map(isCronExpression)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});
