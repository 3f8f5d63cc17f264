import { describe, expect, it } from 'vitest';
import { startOf, yearBefore } from '../../page/src/zone.ts';

const ZONE = 'Europe/Copenhagen';
const text = (time: number): string => new Date(time).toISOString();

describe('the beginning of a period, where the meter is', () => {
  it.each([
    ['day', '2026-11-29T00:30:00Z', 0, '2026-11-28T23:00:00.000Z'],
    ['day', '2026-11-28T22:59:00Z', 0, '2026-11-27T23:00:00.000Z'],
    ['month', '2026-11-29T00:30:00Z', 0, '2026-10-31T23:00:00.000Z'],
    ['month', '2026-12-29T00:30:00Z', 1, '2026-12-31T23:00:00.000Z'],
    ['year', '2025-12-31T23:30:00Z', 0, '2025-12-31T23:00:00.000Z'],
    ['hour', '2026-11-29T00:30:00Z', 1, '2026-11-29T01:00:00.000Z'],
    // The clock goes forward and back: these days have 23 and 25 hours.
    ['day', '2026-03-29T12:00:00Z', 0, '2026-03-28T23:00:00.000Z'],
    ['day', '2026-03-29T12:00:00Z', 1, '2026-03-29T22:00:00.000Z'],
    ['day', '2026-10-25T12:00:00Z', 0, '2026-10-24T22:00:00.000Z'],
    ['day', '2026-10-25T12:00:00Z', 1, '2026-10-25T23:00:00.000Z'],
  ] as const)('%s of %s, %i later', (unit, time, later, begin) => {
    expect(text(startOf(unit, Date.parse(time), ZONE, later))).toBe(begin);
  });

  it('may lie between the full hours of UTC', () => {
    const time = Date.parse('2026-11-29T06:10:00Z');
    const begins = (['hour', 'day', 'month'] as const).map((unit) =>
      text(startOf(unit, time, 'Asia/Kolkata')),
    );
    expect(begins).toEqual([
      '2026-11-29T05:30:00.000Z',
      '2026-11-28T18:30:00.000Z',
      '2026-10-31T18:30:00.000Z',
    ]);
    expect(text(yearBefore(time, 'Asia/Kolkata'))).toBe('2025-11-29T06:10:00.000Z');
  });

  it('lies a year before at the same time of the clock', () => {
    expect(text(yearBefore(Date.parse('2026-06-30T22:00:00Z'), ZONE))).toBe('2025-06-30T22:00:00.000Z');
    expect(text(yearBefore(Date.parse('2026-03-28T23:00:00Z'), ZONE))).toBe('2025-03-28T23:00:00.000Z');
    expect(text(yearBefore(Date.parse('2024-02-28T23:15:00Z'), ZONE))).toBe('2023-02-28T23:15:00.000Z');
  });
});
