import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  localDate,
  localDay,
  localTime,
  momentOf,
  momentsOf,
  offsetAt,
  standardOffsetAt,
  zonedTime,
} from '../../src/shared/zoned-time.ts';

describe('local day', () => {
  it.each([
    ['2026-01-15T22:59:59Z', 'Europe/Copenhagen', '2026-01-15', 23.9997],
    ['2026-01-15T23:00:00Z', 'Europe/Copenhagen', '2026-01-16', 0],
    // Summer time.
    ['2026-07-15T22:00:00Z', 'Europe/Copenhagen', '2026-07-16', 0],
    ['2026-01-15T00:30:00Z', 'America/New_York', '2026-01-14', 19.5],
    ['2026-01-15T00:30:00Z', 'UTC', '2026-01-15', 0.5],
    ['2026-01-15T12:00:00Z', 'Asia/Kathmandu', '2026-01-15', 17.75],
  ])('%s in %s is on %s', (moment, timezone, date, hours) => {
    const day = localDay(Date.parse(moment), timezone);
    expect(day.date).toBe(date);
    expect(day.hours).toBeCloseTo(hours, 3);
  });

  it('an empty zone is the system’s', () => {
    const time = Date.UTC(2026, 0, 15, 12);
    const system = new Intl.DateTimeFormat().resolvedOptions().timeZone;
    expect(localDay(time, '')).toEqual(localDay(time, system));
  });
});

describe('a local timestamp', () => {
  const before = process.env.TZ;
  beforeEach(() => {
    process.env.TZ = 'UTC';
  });
  afterEach(() => {
    if (before === undefined) delete process.env.TZ;
    else process.env.TZ = before;
  });

  it.each([
    ['UTC', '2026-01-15T12:00:00.250+00:00'],
    ['Europe/Copenhagen', '2026-01-15T13:00:00.250+01:00'],
    ['America/St_Johns', '2026-01-15T08:30:00.250-03:30'],
    ['Asia/Kathmandu', '2026-01-15T17:45:00.250+05:45'],
  ])('in %s has that zone’s offset', (zone, expected) => {
    process.env.TZ = zone;
    expect(localTime(Date.parse('2026-01-15T12:00:00.250Z'))).toBe(expected);
  });
});

describe('zoned time', () => {
  const COPENHAGEN = 'Europe/Copenhagen';
  const HOUR = 3_600_000;
  const at = (iso: string): number => Date.parse(iso);

  describe('a moment, seen in a time zone', () => {
    it.each([
      ['UTC', '2026-07-15T12:00:00.250+00:00'],
      [COPENHAGEN, '2026-07-15T14:00:00.250+02:00'],
      ['America/St_Johns', '2026-07-15T09:30:00.250-02:30'],
      ['Asia/Kathmandu', '2026-07-15T17:45:00.250+05:45'],
    ])('in %s has its offset', (zone, expected) => {
      expect(zonedTime(at('2026-07-15T12:00:00.250Z'), zone)).toBe(expected);
    });

    it('without a zone is that of the system', () => {
      const time = at('2026-07-15T12:00:00.250Z');
      expect(offsetAt(time, '')).toBe(-new Date(time).getTimezoneOffset() * 60_000);
      expect(Date.parse(zonedTime(time, ''))).toBe(time);
    });

    it('has the date of the place, which begins at its own midnight', () => {
      expect(localDate(at('2026-01-31T22:59:59Z'), COPENHAGEN)).toBe('2026-01-31');
      expect(localDate(at('2026-01-31T23:00:00Z'), COPENHAGEN)).toBe('2026-02-01');
      expect(zonedTime(at('2026-01-31T23:00:00Z'), COPENHAGEN)).toContain('T00:00:00');
    });
  });

  describe('a time of the clock on the wall', () => {
    it('is one moment nearly always', () => {
      expect(momentsOf('2026-01-15T12:00:00', COPENHAGEN)).toEqual([at('2026-01-15T11:00:00Z')]);
      expect(momentsOf('2026-07-15T12:00:00', COPENHAGEN)).toEqual([at('2026-07-15T10:00:00Z')]);
    });

    it('is none where the clocks are put forward, and is then taken as if they were not yet', () => {
      expect(momentsOf('2026-03-29T02:30:00', COPENHAGEN)).toEqual([]);
      expect(momentOf('2026-03-29T02:30:00', COPENHAGEN)).toBe(at('2026-03-29T01:30:00Z'));
    });

    it('is two where they are put back, of which the first is meant', () => {
      const first = at('2026-10-25T00:30:00Z');
      expect(momentsOf('2026-10-25T02:30:00', COPENHAGEN)).toEqual([first, first + HOUR]);
      expect(momentOf('2026-10-25T02:30:00', COPENHAGEN)).toBe(first);
    });

    it('is the moment of the change for a midnight that is left out', () => {
      // Cairo puts its clocks forward at midnight.
      expect(momentsOf('2026-04-24T00:00:00', 'Africa/Cairo')).toEqual([]);
      expect(zonedTime(momentOf('2026-04-24T00:00:00', 'Africa/Cairo'), 'Africa/Cairo')).toBe(
        '2026-04-24T01:00:00.000+03:00',
      );
    });

    it('leads back to every moment that shows it', () => {
      const zones = [
        'UTC',
        COPENHAGEN,
        'America/New_York',
        'Australia/Lord_Howe',
        'Asia/Kolkata',
        'Africa/Cairo',
      ];
      const seconds = fc.integer({ min: at('2000-01-01Z') / 1000, max: at('2037-12-31Z') / 1000 });
      fc.assert(
        fc.property(seconds, fc.constantFrom(...zones), (second, zone) => {
          const local = zonedTime(second * 1000, zone).slice(0, 19);
          expect(momentsOf(local, zone)).toContain(second * 1000);
        }),
      );
    });
  });

  it('standard time is that of winter, on both halves of the world', () => {
    expect(standardOffsetAt(at('2026-07-15T12:00:00Z'), COPENHAGEN)).toBe(HOUR);
    expect(standardOffsetAt(at('2026-01-15T12:00:00Z'), 'Australia/Sydney')).toBe(10 * HOUR);
  });
});
