import { describe, expect, it } from 'vitest';
import type { HourRow } from '../../src/statistics/hour-row.ts';
import { planTotal, type TotalPoint } from '../../src/statistics/total-plan.ts';

const HOUR = 3_600_000;
const NOTHING = { mean: null, min: null, max: null };

/** Hours are counted from some midnight. `[hour, state, sum]` */
function rows(...told: readonly (readonly [number, number | null, number | null])[]): readonly HourRow[] {
  return told.map(([hour, state, sum]) => ({ ...NOTHING, start: hour * HOUR, state, sum }));
}

function points(...told: readonly (readonly [number, number])[]): readonly TotalPoint[] {
  return told.map(([hour, state]) => ({ start: hour * HOUR, state, digit: 0.001 }));
}

function plan(
  own: ReturnType<typeof rows>,
  logged: ReturnType<typeof points>,
  more: Partial<Parameters<typeof planTotal>[0]> = {},
) {
  const made = planTotal({
    hours: own,
    fiveMinutes: [],
    points: logged,
    last: 1e15,
    replace: false,
    ...more,
  });
  return {
    ...made,
    rows: made.rows.map(({ start, state, sum }) => [start / HOUR, state, Number(sum.toFixed(6))]),
    shift: made.shift && [made.shift.from / HOUR, Number(made.shift.by.toFixed(6))],
  };
}

describe('the plan of a total', () => {
  it('ends at the zero of what is there, and shifts all of it so that the first sum is 0', () => {
    const { rows: written, shift } = plan(
      rows([10, 84.97, 0.01], [11, 84.98, 0.02]),
      points([7, 80], [8, 84], [9, 84.95]),
    );
    expect(written).toEqual([
      [7, 80, -4.96],
      [8, 84, -0.96],
      [9, 84.95, -0.01],
    ]);
    expect(shift).toEqual([7, 4.96]);
  });

  it('takes the zero from five minutes where there is no hour yet', () => {
    const fiveMinutes = rows([10.5, 84.96, 0]);
    const { rows: written, shift } = plan([], points([9, 80], [10, 84.95], [11, 84.99]), { fiveMinutes });
    expect(written).toEqual([[9, 80, -4.96]]);
    expect(shift).toEqual([9, 4.96]);
  });

  it('leaves the hour that runs alone, whatever the clock here says', () => {
    const own = rows([8, 84.9, 0]);
    const fiveMinutes = rows([8.75, 84.9, 0], [10.25, 85, 0.1]);
    expect(plan(own, points([9, 84.95], [10, 84.99], [11, 85.5]), { fiveMinutes }).rows).toEqual([
      [9, 84.95, 0.05],
    ]);
  });

  it('does nothing where Home Assistant has not begun, and says so', () => {
    const made = plan([], points([9, 80]));
    expect(made).toMatchObject({ rows: [], shift: undefined, leftAlone: [{ count: 1 }] });
  });

  it('leaves alone what is there, and later hours than it may write', () => {
    const own = rows([10, 84.97, 0.01], [11, 84.98, 0.02], [13, 84.99, 0.03]);
    expect(plan(own, points([10, 84.96], [11, 84.98])).rows).toEqual([]);
    expect(plan(own, points([12, 84.985], [13, 84.99], [14, 85]), { last: 11 * HOUR }).rows).toEqual([]);
    // Behind the last one the recorder goes on.
    expect(plan(own, points([14, 85])).rows).toEqual([]);
  });

  it('fills a gap where both sides count from one zero, and moves nothing', () => {
    const own = rows([10, 84.97, 0.01], [14, 85.97, 1.01]);
    const made = plan(own, points([11, 85.2], [12, 85.5], [13, 85.9]));
    expect(made.rows).toEqual([
      [11, 85.2, 0.24],
      [12, 85.5, 0.54],
      [13, 85.9, 0.94],
    ]);
    expect(made.shift).toBeUndefined();
  });

  it('leaves a gap alone whose sides count from two zeros', () => {
    const made = plan(rows([10, 84.97, 0.01], [14, 85.97, 0.3]), points([11, 85.2], [12, 85.5]));
    expect(made.rows).toEqual([]);
    expect(made.leftAlone).toEqual([{ count: 2, why: expect.stringContaining('another zero') }]);
  });

  it('brings in nothing that would make a use go back', () => {
    const own = rows([10, 84.97, 0.01], [14, 85.97, 1.01]);
    const made = plan(own, points([8, 84.99], [11, 84.5], [12, 86.5], [13, 85.5]));
    expect(made.rows).toEqual([[13, 85.5, 0.54]]);
    expect(made.leftAlone).toEqual([{ count: 3, why: expect.stringContaining('does not fit') }]);
  });

  it('says nothing of a last digit that was rounded otherwise', () => {
    const made = plan(rows([10, 84.97, 0.01]), points([8, 84.5], [9, 84.9705]));
    expect(made.rows).toEqual([[8, 84.5, -0.46]]);
    expect(made.leftAlone).toEqual([]);
  });

  it('goes on with one that was cut short before the shift', () => {
    const cut = rows([8, 84, -0.96], [9, 84.95, -0.01], [10, 84.97, 0.01]);
    expect(plan(cut, points([8, 84], [9, 84.95]))).toMatchObject({ rows: [], shift: [8, 0.96] });
    const again = plan(cut, points([7, 80], [8, 84], [9, 84.95]));
    expect(again.rows).toEqual([[7, 80, -4.96]]);
    expect(again.shift).toEqual([7, 4.96]);
  });

  it('does not touch a first sum that is Home Assistant’s own', () => {
    expect(plan(rows([10, 84.97, 0.5], [11, 85, 0.53]), points([10, 84.97])).shift).toBeUndefined();
    expect(plan(rows([10, 84.97, -0.5], [11, 85, -0.47]), points([11, 85])).shift).toBeUndefined();
  });

  it('changes nothing when all is there', () => {
    const done = rows([8, 84, 0], [9, 84.95, 0.95], [10, 84.97, 0.97]);
    expect(plan(done, points([8, 84], [9, 84.95], [10, 84.97]))).toMatchObject({
      rows: [],
      shift: undefined,
    });
  });

  it('takes the place of other rows only where it is told to', () => {
    const own = rows([10, 84.97, 0.01], [11, 84.97, 0.01], [12, 85.4, 0.44]);
    const logged = points([11, 85.1]);
    expect(plan(own, logged).rows).toEqual([]);
    const made = plan(own, logged, { replace: true });
    expect(made.rows).toEqual([[11, 85.1, 0.14]]);
    expect(made.replaced).toEqual([{ start: 11 * HOUR, state: 84.97, sum: 0.01 }]);
    expect(made.shift).toBeUndefined();
  });

  it('takes no place where the row behind it stays and would go back', () => {
    const own = rows([10, 84.97, 0.01], [11, 84.97, 0.01], [12, 84.98, 0.02], [13, 85.5, 0.54]);
    const made = plan(own, points([11, 85.1]), { replace: true });
    expect(made).toMatchObject({ rows: [], replaced: [] });
  });

  it('fills again what was taken back', () => {
    const { rows: written } = plan(rows([9, null, null], [10, 84.97, 0.01]), points([9, 84.95]));
    expect(written).toEqual([[9, 84.95, -0.01]]);
  });
});
