import { expect, it } from 'vitest';
import { cronTimes } from '../../src/shared/cron-times.ts';
import { isCronExpression } from '../../src/shared/schedule.ts';
import { PolledLine } from '../support/polled-line.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

it('both schedules of a meter go by its time zone', async () => {
  const home = new PolledLine({ timezone: 'Asia/Tokyo' });
  home.start();
  expect([...home.timezones]).toEqual([
    ['0 * * * *', 'Asia/Tokyo'],
    ['30 3 * * *', 'Asia/Tokyo'],
  ]);
  await home.stop();
});

it('a schedule is five or six fields', () => {
  expect(['0 * * * *', '*/3 * * * * *', 'hourly', '61 * * * *'].map(isCronExpression)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

it.each([
  ['0 * * * *', 1],
  ['7,27,47 * * * *', 1],
  ['5,50 * * * *', 1],
  ['*/30 * * * * *', 1],
  ['0 0-23 * * *', 1],
  ['0 */2 * * *', 2],
  ['0 1-23/2 * * 1-5', 2],
  ['0 0 */12 * * *', 12],
  ['0 1,4,7,10,13,16,19,22 * * *', 3],
  // Times of day, or not the whole day.
  ['30 2 * * *', undefined],
  ['0 0,12 * * *', undefined],
  ['0 6,14,22 * * *', undefined],
  ['0 */5 * * *', undefined],
  ['*/10 5-7 * * *', undefined],
])('%s repeats all day after %s hours', (expression, hours) => {
  expect(cronTimes(expression).period).toBe(hours === undefined ? undefined : hours * HOUR);
});

it.each([
  ['*/10 5-7 * * *', 5, 10 * MINUTE],
  ['*/20 2 * * *', 2, 20 * MINUTE],
  ['0 6-22 * * *', 6, HOUR],
  ['5,50 22-1 * * *', 0, HOUR],
  ['5,50 2 * * *', 2, undefined],
  ['30 3,15 * * *', 3, undefined],
])('%s goes on at a distance of its own around %i o’clock', (expression, hour, distance) => {
  expect(cronTimes(expression).distanceAt(hour * HOUR)).toBe(distance);
});
