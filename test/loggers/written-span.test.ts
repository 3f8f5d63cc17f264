import { describe, expect, it } from 'vitest';
import { isWithin, spanOf } from '../../src/loggers/written-span.ts';

const COPENHAGEN = 'Europe/Copenhagen';
const span = (from: string | undefined, to?: string, logger: 'day' | 'hour' = 'hour') =>
  spanOf({ from, to }, logger, COPENHAGEN);

describe('a span as somebody writes it', () => {
  it('is from the midnight that a day begins with to the one that it ends with, by the clocks of the house', () => {
    expect(span('2025-10-01', '2025-10-31')).toEqual({
      from: Date.parse('2025-10-01T00:00:00+02:00'),
      to: Date.parse('2025-11-01T00:00:00+01:00'),
    });
    expect(span('2024-02-28', '2024-02-28')?.to).toBe(Date.parse('2024-02-29T00:00:00+01:00'));
  });

  it('has room for the midnight of a meter that keeps the time of winter all year', () => {
    const july = span('2025-07-01', '2025-07-31', 'day') ?? {};
    const ends = (time: string): boolean => isWithin({ endedAt: Date.parse(time) }, july);
    expect(['2025-08-01T01:00:00+02:00', '2025-08-02T01:00:00+02:00'].map(ends)).toEqual([true, false]);
    expect(['2025-07-01T01:00:00+02:00', '2025-06-30T01:00:00+02:00'].map(ends)).toEqual([true, false]);
  });

  it.each([
    ['2025-10-01T06:00', '2025-10-01T06:00:00+02:00'],
    ['2025-10-01 06:00:30', '2025-10-01T06:00:30+02:00'],
    ['2025-10-01T06:00Z', '2025-10-01T08:00:00+02:00'],
    ['2025-10-01t06:00:00.500-05:00', '2025-10-01T13:00:00+02:00'],
    [' 2025-12-24 ', '2025-12-24T00:00:00+01:00'],
    // Clocks leave this hour out: as if they had not changed yet.
    ['2025-03-30T02:30', '2025-03-30T03:30:00+02:00'],
  ])('begins with %s at %s', (written, moment) => {
    expect(span(written)).toEqual({ from: Date.parse(moment) });
  });

  it('ends at the very moment where that is written', () => {
    expect(span(undefined, '2025-10-01T06:00', 'day')).toEqual({
      to: Date.parse('2025-10-01T06:00:00+02:00'),
    });
  });

  it.each([
    '',
    'yesterday',
    '2025-02-30',
    '2025-13-01',
    '01.10.2025',
    '2025-10-01T25:00',
    '2025-10',
    '1999-12-31',
    '2025-10-01x',
  ])('is none with %j', (written) => {
    expect(span(written)).toBeUndefined();
    expect(span(undefined, written)).toBeUndefined();
  });

  it('has no ends where none is written, and holds rows then of which nobody knows when they ended', () => {
    expect(span(undefined)).toEqual({});
    expect(isWithin({ endedAt: null }, {})).toBe(true);
    expect(isWithin({ endedAt: null }, span('2025-10-01') ?? {})).toBe(false);
  });
});
