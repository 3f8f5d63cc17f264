import { describe, expect, it } from 'vitest';
import { barsOf, shifted, viewOf, wholeBars, withGaps, zoomed } from '../../page/src/view.ts';

const ZONE = 'Europe/Copenhagen';
const NOW = Date.parse('2026-11-29T03:00:00Z');
const FIRST = Date.parse('2024-05-03T10:00:00Z');
const DAY = 86_400_000;
const text = ({ from, to }: { from: number; to: number }): string[] =>
  [from, to].map((time) => new Date(time).toISOString().slice(0, 13));

describe('what the history shows', () => {
  it('is a day of hours, a month of days, a year of months, or all of it in years', () => {
    const views = (['day', 'month', 'year', 'all'] as const).map((period) => {
      const view = viewOf(period, NOW, ZONE, FIRST, NOW);
      return [...text(view), barsOf(view, period)];
    });
    expect(views).toEqual([
      ['2026-11-28T23', '2026-11-29T23', 'hour'],
      ['2026-10-31T23', '2026-11-30T23', 'day'],
      ['2025-12-31T23', '2026-12-31T23', 'month'],
      ['2023-12-31T23', '2026-12-31T23', 'year'],
    ]);
  });

  it('goes to the month before, whatever its length', () => {
    const view = viewOf('month', NOW, ZONE, FIRST, NOW);
    expect(text(shifted(view, 'month', -1, ZONE))).toEqual(['2026-09-30T22', '2026-10-31T23']);
    expect(text(shifted(view, 'month', 1, ZONE))).toEqual(['2026-11-30T23', '2026-12-31T23']);
    expect(shifted({ from: 10, to: 30 }, undefined, -1, ZONE)).toEqual({ from: -10, to: 10 });
  });

  it('keeps in its place what is zoomed at, and never becomes nothing', () => {
    expect(zoomed({ from: 0, to: 100 * DAY }, 0.5)).toEqual({ from: 25 * DAY, to: 75 * DAY });
    expect(zoomed({ from: 0, to: 100 * DAY }, 0.5, 0)).toEqual({ from: 0, to: 50 * DAY });
    const narrow = zoomed({ from: 0, to: DAY }, 0.001);
    expect(narrow.to - narrow.from).toBe(3_600_000);
  });

  it('reaches as far as its bars, which are whole ones', () => {
    const month = viewOf('month', NOW, ZONE, FIRST, NOW);
    expect(wholeBars(month, 'day', ZONE)).toEqual(month);
    const wide = zoomed(month, 4);
    expect(text(wide)).toEqual(['2026-09-16T23', '2027-01-14T23']);
    expect(text(wholeBars(wide, barsOf(wide), ZONE))).toEqual(['2026-08-31T22', '2027-01-31T23']);
  });

  it('draws no line across a time without readings', () => {
    const points = [0, 10, 20, 100, 110].map((at) => ({ at, mean: at }));
    expect(withGaps(points).map((point) => ('gap' in point ? 'gap' : point.at))).toEqual([
      0,
      10,
      20,
      'gap',
      100,
      110,
    ]);
  });
});
