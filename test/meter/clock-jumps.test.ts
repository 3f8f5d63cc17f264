import { expect, it } from 'vitest';
import { PolledLine, type PolledLineOptions } from '../support/polled-line.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const START = Date.parse('2026-10-24T20:30:00Z');

async function polled(options: PolledLineOptions = {}): Promise<PolledLine> {
  const home = new PolledLine({
    byTheClock: true,
    // The house of a simulated meter goes by the wall clock, and would run backwards.
    meters: [{ model: '403', speed: 0 }],
    timezone: 'Europe/Amsterdam',
    schedules: ['0 * * * *'],
    detailSchedule: 'never',
    registers: [60],
    readOnStart: false,
    now: START,
    ...options,
  });
  home.start();
  await home.clock.advance(0);
  return home;
}

/** When the readings were published that came within so long, to the minute. */
async function readWithin(home: PolledLine, duration: number): Promise<string[]> {
  const before = home.publisher.readings.length;
  await home.clock.advance(duration);
  return home.publisher.readings
    .slice(before)
    .flatMap(({ fresh }) => fresh.filter(({ register }) => register === 60))
    .map(({ readAt }) => new Date(readAt).toISOString().slice(8, 16));
}

it('a meter is read every hour and every 20 minutes through the end of summer time', async () => {
  const hourly = await polled();
  expect(await readWithin(hourly, 6 * HOUR)).toEqual(
    ['21', '22', '23', '00', '01', '02'].map((hour) => `${Number(hour) > 20 ? 24 : 25}T${hour}:00`),
  );
  await hourly.stop();
  const awake = await polled({ schedules: ['*/20 * * * *'] });
  expect(await readWithin(awake, 10 * HOUR + MINUTE)).toHaveLength(30);
  await awake.stop();
});

it.each([
  [-HOUR, ['24T21:00', '24T22:00']],
  [-DAY, ['23T22:00', '23T23:00']],
  [-400 * DAY, ['19T22:00', '19T23:00']],
  [DAY, ['25T22:00', '25T23:00']],
  [3 * HOUR + 20 * MINUTE, ['25T01:00', '25T02:00']],
])('a meter goes on being read by a clock that was set by %i ms', async (by, expected) => {
  const home = await polled();
  expect(await readWithin(home, 40 * MINUTE)).toEqual(['24T21:00']);
  home.clock.setWallClock(home.clock.now() + by);
  const found = await readWithin(home, 2 * HOUR);
  expect(found.slice(-2)).toEqual(expected);
  expect(found.length).toBeLessThanOrEqual(3);
  await home.stop();
  expect(home.clock.pendingTimers).toBe(0);
});

it('a meter whose machine slept over the night is read once when it wakes', async () => {
  const home = await polled({ schedules: ['0 6 * * *', '0 * * * *'] });
  home.clock.setWallClock(Date.parse('2026-10-25T05:20:00Z'));
  expect(await readWithin(home, 30 * MINUTE)).toEqual(['25T05:21']);
  expect(home.logger.said('warn')).toEqual([expect.stringMatching(/^Readings were missed/)]);
  await home.stop();
});
