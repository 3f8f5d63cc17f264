import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { localTime } from '../../src/shared/local-time.ts';

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
