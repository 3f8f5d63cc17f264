import { describe, expect, it } from 'vitest';
import {
  calendarDate,
  clockTime,
  monthDay,
  realTimeClock,
  secondsSince2000,
  standardDateTime,
} from '../../src/kmp/date-time.ts';

const bytesOf = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));

describe('a date', () => {
  it.each([
    [2014, 140508n, '2014-05-08'],
    [2006, 60824n, '2006-08-24'],
    [2024, 20240229n, '2024-02-29'],
    [9999, 1231n, '9999-12-31'],
    [1, 101n, '0001-01-01'],
  ])('in %i with the digits %i is %s', (year, value, date) => {
    expect(calendarDate(year, value)).toBe(date);
  });

  it.each([
    ['without month and day', 2014, 0n],
    ['without month', 2014, 8n],
    ['without day', 2014, 500n],
    ['in month 13', 2014, 1301n],
    ['on 29 February of a common year', 2023, 229n],
    ['on 31 April', 2014, 431n],
    ['in the year 0', 0, 101n],
    ['in the year 10000', 10000, 101n],
    ['in a year that no number holds exactly', 2 ** 64, 101n],
  ])('%s does not exist', (_, year, value) => {
    expect(calendarDate(year, value)).toBeNull();
  });
});

describe('a yearly target date', () => {
  it.each([
    [824n, '08-24'],
    [101n, '01-01'],
    [1231n, '12-31'],
    [229n, '02-29'],
  ])('%i is %s', (value, date) => {
    expect(monthDay(value)).toBe(date);
  });

  it.each([0n, 100n, 31n, 230n, 1232n, 1301n, 11231n])('%i does not exist', (value) => {
    expect(monthDay(value)).toBeNull();
  });
});

describe('a time of day', () => {
  it.each([
    [0n, '00:00:00'],
    [200243n, '20:02:43'],
    [21700n, '02:17:00'],
    [235959n, '23:59:59'],
  ])('%i is %s', (value, time) => {
    expect(clockTime(value)).toBe(time);
  });

  it.each([240000n, 6000n, 60n, 99n, 1000000n, 2n ** 128n - 1n])('%i does not exist', (value) => {
    expect(clockTime(value)).toBeNull();
  });
});

describe('date and time of unit 79', () => {
  it.each([
    ['00 18 0C 1F 00 00 04', '2024-12-31T00:00:04', 0, 'x3 day log, jktjkt/PyKMP'],
    ['00 1A 01 17 13 13 2F', '2026-01-23T19:19:47', 0, 'jktjkt/PyKMP'],
    ['3C 1A 04 15 0C 07 1E', '2026-04-21T13:07:30', 60, 'LogView shows 13:07:30'],
    ['3C 10 06 1E 0E 30 37', '2016-06-30T15:48:55', 60, 'vendor example of 14:48:55 standard time'],
    ['3C 18 0C 1F 17 1E 00', '2025-01-01T00:30:00', 60, 'daylight saving carries into the next year'],
  ])('%s is %s with %i minutes of daylight saving: %s', (hex, value, daylightSaving) => {
    expect(standardDateTime(bytesOf(hex))).toEqual({ value, daylightSaving });
  });

  it.each([
    '00 00 00 00 00 00 00',
    '3C 1A 00 17 00 00 00',
    '00 1A 01 00 00 00 00',
  ])('%s was never set', (hex) => {
    expect(standardDateTime(bytesOf(hex))).toEqual({ value: null, daylightSaving: 0 });
  });

  it.each([
    ['month 13', '00 1A 0D 01 00 00 00'],
    ['30 February', '00 1A 02 1E 00 00 00'],
    ['24 hours', '00 1A 01 17 18 00 00'],
    ['60 minutes', '00 1A 01 17 00 3C 00'],
    ['bytes that were erased', 'FF FF FF FF FF FF FF'],
    ['six bytes', '00 1A 01 17 13 13'],
    ['eight bytes', '00 1A 01 17 13 13 2F 00'],
    ['no bytes', ''],
  ])('is unreadable with %s', (_, hex) => {
    expect(standardDateTime(bytesOf(hex))).toBeUndefined();
  });
});

describe('a real-time clock of units 53 and 63', () => {
  it('adds the hour of daylight saving: 382J clone of mushorg/conpot, while its clock showed 20:35:13', () => {
    expect(realTimeClock(bytesOf('83 07 1A 23 13 1B 07 0E'))).toEqual({
      value: '2014-07-27T20:35:26',
      daylightSaving: 60,
    });
  });

  it('adds nothing outside daylight saving: register 1181 of the same meter', () => {
    expect(realTimeClock(bytesOf('06 04 39 2D 08 09 09 0A'))).toEqual({
      value: '2010-09-09T08:45:57',
      daylightSaving: 0,
    });
  });

  it('was never set where it is all zeros', () => {
    expect(realTimeClock(new Uint8Array(8))).toEqual({ value: null, daylightSaving: 0 });
  });

  it.each([
    ['an impossible day', '00 01 00 00 00 20 01 0E'],
    ['seven bytes', '83 07 1A 23 13 1B 07'],
    ['nine bytes', '83 07 1A 23 13 1B 07 0E 00'],
    ['no bytes', ''],
  ])('is unreadable with %s', (_, hex) => {
    expect(realTimeClock(bytesOf(hex))).toBeUndefined();
  });
});

describe('seconds since 2000 of unit 72', () => {
  it.each([
    ['00 00 00 00 01', '2000-01-01T00:00:01'],
    ['00 00 01 51 80', '2000-01-02T00:00:00'],
    ['FF FF FF FF FF', '2136-02-07T06:28:15'],
  ])('%s are %s', (hex, value) => {
    expect(secondsSince2000(bytesOf(hex))).toEqual({ value, daylightSaving: 0 });
  });

  it('were never set where they are zero', () => {
    expect(secondsSince2000(bytesOf('01 00 00 00 00'))).toEqual({ value: null, daylightSaving: 0 });
  });

  it.each(['', '00 00 00 01', '00 00 00 00 00 01'])('are unreadable with another length: %j', (hex) => {
    expect(secondsSince2000(bytesOf(hex))).toBeUndefined();
  });
});
