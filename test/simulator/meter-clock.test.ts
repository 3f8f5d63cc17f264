import { afterEach, describe, expect, it, vi } from 'vitest';
import { standardDateTime } from '../../src/kmp/date-time.ts';
import { meterClock } from '../../src/simulator/meter-clock.ts';

describe("a meter's clock", () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it.each([
    { place: 'Europe/Copenhagen', utc: '2026-01-23T18:19:47Z', shown: '2026-01-23T19:19:47', saving: 0 },
    { place: 'Europe/Copenhagen', utc: '2026-07-01T22:30:00Z', shown: '2026-07-02T00:30:00', saving: 60 },
    { place: 'Europe/Copenhagen', utc: '2026-03-29T01:10:00Z', shown: '2026-03-29T03:10:00', saving: 60 },
    { place: 'America/New_York', utc: '2026-01-01T02:00:00Z', shown: '2025-12-31T21:00:00', saving: 0 },
    { place: 'UTC', utc: '2026-01-01T00:00:00Z', shown: '2026-01-01T00:00:00', saving: 0 },
  ])('shows $shown in $place at $utc', ({ place, utc, shown, saving }) => {
    vi.stubEnv('TZ', place);
    const { date, clock, dateTime } = meterClock(Date.parse(utc));
    const digits = shown.replace(/[-:T]/g, '');
    expect(date).toBe(Number(digits.slice(2, 8)));
    expect(clock).toBe(Number(digits.slice(8)));
    expect(dateTime[0]).toBe(saving);
    expect(standardDateTime(dateTime)).toEqual({ value: shown, daylightSaving: saving });
  });
});
