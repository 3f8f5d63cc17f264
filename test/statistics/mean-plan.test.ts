import { describe, expect, it } from 'vitest';
import { planMeans } from '../../src/statistics/mean-plan.ts';

const HOUR = 3_600_000;

/** `[hour, mean]` */
function rows(...told: readonly (readonly [number, number | null])[]) {
  return told.map(([hour, mean]) => ({
    start: hour * HOUR,
    mean,
    min: mean,
    max: mean,
    state: null,
    sum: null,
  }));
}

function plan(more: Partial<Parameters<typeof planMeans>[0]>) {
  const none = { hours: [], fiveMinutes: [], points: [], last: 1e15, replace: false };
  const made = planMeans({ ...none, ...more });
  return made.rows.map(({ start, mean }) => [start / HOUR, mean]);
}

const POINTS = [7, 8, 9, 10, 11].map((hour) => ({ start: hour * HOUR, mean: 60 + hour }));

describe('the plan of a mean', () => {
  it('fills every hour that has none, up to where Home Assistant has come', () => {
    expect(plan({ hours: rows([8, 50], [10, 52]), points: POINTS })).toEqual([
      [7, 67],
      [9, 69],
    ]);
  });

  it('leaves the hour that runs alone, whatever the clock here says', () => {
    const fiveMinutes = [{ start: 9.25 * HOUR }, { start: 10.25 * HOUR }];
    expect(plan({ fiveMinutes, points: POINTS }).at(-1)).toEqual([9, 69]);
    expect(plan({ points: POINTS })).toEqual([]);
  });

  it('writes no later hour than it may', () => {
    expect(plan({ hours: rows([10, 52]), points: POINTS, last: 8 * HOUR })).toEqual([
      [7, 67],
      [8, 68],
    ]);
  });

  it('fills again what was taken back, and takes a place only where it is told to', () => {
    const hours = rows([7, null], [8, 50]);
    expect(plan({ hours, points: POINTS })).toEqual([[7, 67]]);
    expect(plan({ hours, points: POINTS, replace: true })).toEqual([
      [7, 67],
      [8, 68],
    ]);
  });
});
