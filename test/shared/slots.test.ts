import { describe, expect, it } from 'vitest';
import { cronTimes } from '../../src/shared/cron-times.ts';
import { Slots } from '../../src/shared/slots.ts';
import { localDate, zonedTime } from '../../src/shared/zoned-time.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** With changes of an hour in spring and autumn, on both halves of the world, at midnight, by half an hour, and none. */
const ZONES = [
  'Europe/Amsterdam',
  'America/New_York',
  'Africa/Cairo',
  'America/Santiago',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
];
const FROM = Date.parse('2026-01-01T12:00:00Z');
const TO = Date.parse('2028-01-01T12:00:00Z');

function between(expression: string, timezone: string, from = FROM, to = TO): number[] {
  const slots = new Slots(expression, timezone);
  const found: number[] = [];
  for (let slot = slots.next(from); slot !== undefined && slot < to; slot = slots.next(slot))
    found.push(slot);
  return found;
}

/** Times of the place on one of its dates, or from one to another. */
function shown(expression: string, timezone: string, date: string, last = date): string[] {
  const around = Date.parse(`${date}T12:00:00Z`);
  return between(expression, timezone, around - 2 * DAY, Date.parse(`${last}T12:00:00Z`) + 2 * DAY)
    .map((slot) => zonedTime(slot, timezone))
    .filter((time) => time.slice(0, 10) >= date && time.slice(0, 10) <= last)
    .map((time) => time.slice(11, 19) + time.slice(23));
}

const distances = (slots: readonly number[]): number[] =>
  slots.slice(1).map((slot, index) => slot - (slots[index] ?? 0));

describe.each(ZONES)('over two years in %s', (timezone) => {
  const days = new Set(Array.from({ length: 728 }, (_, day) => localDate(FROM + (day + 1) * DAY, timezone)));
  const halfHour = timezone === 'Australia/Lord_Howe';

  it.each([
    ['0 * * * *', 60],
    ['*/20 * * * *', 20],
    ['7,27,47 * * * *', 20],
  ])('%s goes on every %i minutes', (expression, minutes) => {
    const found = between(expression, timezone);
    const odd = distances(found).filter((distance) => distance !== minutes * MINUTE);
    // Half an hour is no multiple of these: the last distance of such a day is what is left.
    expect(odd.length).toBe(halfHour && 30 % minutes !== 0 ? 4 : 0);
    expect(odd.every((distance) => distance < minutes * MINUTE)).toBe(true);
  });

  it.each([
    ['0 */2 * * *', 2],
    ['15 1-23/2 * * *', 2],
    ['0 */6 * * *', 6],
  ])('%s is never further apart than %i hours, and closer only once a change', (expression, hours) => {
    const found = between(expression, timezone);
    const odd = distances(found).filter((distance) => distance !== hours * HOUR);
    expect(odd.length).toBe(timezone === 'Asia/Kathmandu' ? 0 : 4);
    expect(odd.every((distance) => distance < hours * HOUR)).toBe(true);
  });

  it.each([
    '30 2 * * *',
    '0 0 * * *',
    '45 23 * * *',
    '30 0 * * *',
  ])('%s comes exactly once on each day', (expression) => {
    const found = between(expression, timezone).map((slot) => localDate(slot, timezone));
    const counted = found.filter((date) => days.has(date));
    expect(counted).toEqual([...days]);
  });

  it.each([
    '0 6,18 * * *',
    '0 2,3 * * *',
    '0 */5 * * *',
  ])('%s keeps to the clock on the wall', (expression) => {
    const { times } = cronTimes(expression);
    for (const slot of between(expression, timezone)) {
      const time = Date.parse(`1970-01-01T${zonedTime(slot, timezone).slice(11, 19)}Z`);
      // Or it is the end of a gap.
      const isEnd = zonedTime(slot - 1, timezone).slice(23) !== zonedTime(slot, timezone).slice(23);
      expect(times.includes(time) || isEnd).toBe(true);
    }
  });

  it('what was last is what comes next, from any moment between', () => {
    for (const expression of ['30 2 * * *', '15 1-23/2 * * *', '0 1-4 * * 1-5']) {
      const slots = new Slots(expression, timezone);
      const found = between(expression, timezone, FROM, FROM + 200 * DAY);
      for (const [index, slot] of found.entries()) {
        const next = found[index + 1];
        if (next === undefined) break;
        const middle = (slot + next) / 2;
        expect([slots.latest(slot), slots.latest(middle), slots.next(middle)]).toEqual([slot, slot, next]);
      }
    }
  });
});

describe('a change of the clocks in Amsterdam', () => {
  const PLACE = 'Europe/Amsterdam';
  const [SPRING, AUTUMN] = ['2026-03-29', '2026-10-25'];
  it.each([
    ['30 2 * * *', SPRING, '03:00:00+02:00'],
    ['30 2 * * *', AUTUMN, '02:30:00+02:00'],
    // Together with what comes at that moment anyway.
    ['30 2,3 * * *', SPRING, '03:30:00+02:00'],
    ['10,50 2 * * *', SPRING, '03:00:00+02:00'],
    ['10,50 2 * * *', AUTUMN, '02:10:00+02:00 02:50:00+02:00'],
    ['0 6,18 * * *', AUTUMN, '06:00:00+01:00 18:00:00+01:00'],
    ['0 1-4 * * *', SPRING, '01:00:00+01:00 03:00:00+02:00 04:00:00+02:00'],
    ['0 1-4 * * *', AUTUMN, '01:00:00+02:00 02:00:00+02:00 02:00:00+01:00 03:00:00+01:00 04:00:00+01:00'],
    // The only hour is left out.
    ['*/20 2 * * *', SPRING, '03:00:00+02:00'],
    ['45 0-3 * * *', SPRING, '00:45:00+01:00 01:45:00+01:00 03:45:00+02:00'],
    ['0 */8 * * *', AUTUMN, '00:00:00+02:00 07:00:00+01:00 15:00:00+01:00 23:00:00+01:00'],
    ['0 */8 * * *', '2026-10-26', '00:00:00+01:00 08:00:00+01:00 16:00:00+01:00'],
  ])('%s on %s', (expression, date, expected) => {
    expect(shown(expression, PLACE, date)).toEqual(expected.split(' '));
  });

  it('goes past a schedule of minutes in some hours at equal distances', () => {
    const found = between(
      '7,27,47 0-5 * * *',
      PLACE,
      Date.parse('2026-10-24T22:00Z'),
      Date.parse('2026-10-25T05:00Z'),
    );
    expect(found).toHaveLength(21);
    expect(new Set(distances(found))).toEqual(new Set([20 * MINUTE]));
  });
});

it('the last hour of a day, where it is left out, ends at midnight', () => {
  const found = (expression: string): string[] =>
    shown(expression, 'America/Nuuk', '2026-03-28', '2026-03-29');
  expect(found('45 23 * * *')).toEqual(['00:00:00-01:00', '23:45:00-01:00']);
  expect(found('*/20 22-23 * * 6').at(-1)).toBe('00:00:00-01:00');
  expect(found('0 0,23 * * *')).toEqual(['00:00:00-02:00', '00:00:00-01:00', '23:00:00-01:00']);
});

describe('days', () => {
  it.each([
    ['0 0 29 2 *', '2026-01-01', '2028-02-29'],
    ['0 0 29 2 *', '2097-01-01', '2104-02-29'],
    // A Friday the 13th.
    ['0 12 13 * 5', '2026-03-14', '2026-11-13'],
    ['0 12 * * 1#2', '2026-01-01', '2026-01-12'],
    ['0 12 L * *', '2026-02-01', '2026-02-28'],
  ])('%s after %s is %s', (expression, after, expected) => {
    const slot = new Slots(expression, 'UTC').next(Date.parse(`${after}T00:00:00Z`)) ?? 0;
    expect(localDate(slot, 'UTC')).toBe(expected);
  });

  it('an interval on some days stays within these', () => {
    // From Friday to Tuesday.
    const found = shown('15 1-23/2 * * 6,7', 'Europe/Amsterdam', '2026-10-23', '2026-10-27');
    expect(found[0]).toBe('01:15:00+02:00');
    expect(found.at(-1)).toBe('22:15:00+01:00');
    expect(found).toHaveLength(24);
  });
});

describe('the patience for a slot', () => {
  it.each([
    ['0 * * * *', 30],
    ['*/20 * * * *', 10],
    ['30 2 * * *', 60],
    ['0 */2 * * *', 60],
    // Nobody wants a reading at eight who asks for none after six.
    ['*/10 5 * * *', 5],
  ])('of %s is %i minutes', (expression, minutes) => {
    const slots = new Slots(expression, 'Europe/Amsterdam');
    const slot = slots.latest(FROM) ?? 0;
    expect(slots.patience(slot)).toBe(minutes * MINUTE);
  });
});
