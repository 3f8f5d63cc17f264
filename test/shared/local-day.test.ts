import { expect, it } from 'vitest';
import { localDay } from '../../src/shared/local-day.ts';

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
