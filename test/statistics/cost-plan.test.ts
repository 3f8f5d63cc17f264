import { describe, expect, it } from 'vitest';
import { planCost } from '../../src/statistics/cost-plan.ts';

const HOUR = 3_600_000;

/** `[hour, state, sum]` */
function rows(...told: readonly (readonly [number, number, number])[]) {
  return told.map(([hour, state, sum]) => ({ start: hour * HOUR, state, sum }));
}

function plan(more: Partial<Parameters<typeof planCost>[0]>) {
  const none = { amounts: [], moments: [], costs: [], imported: new Set<number>(), last: 1e15, price: 10 };
  const made = planCost({ ...none, ...more });
  return {
    ...made,
    rows: made.rows.map(({ start, state, sum }) => [start / HOUR, state, sum]),
    shift: made.shift && [made.shift.from / HOUR, made.shift.by],
  };
}

describe('the plan of a cost', () => {
  it('joins where the first cost was counted, by the hour', () => {
    const made = plan({ amounts: rows([5, 80, 0], [6, 81, 1], [7, 81.5, 1.5]), costs: rows([7, 2, 2]) });
    expect(made.rows).toEqual([
      [5, -13, -13],
      [6, -3, -3],
    ]);
    expect(made.shift).toEqual([5, 13]);
  });

  it('joins where the first cost was counted, by five minutes', () => {
    const made = plan({
      amounts: rows([5, 80, 0], [6, 81, 1]),
      moments: rows([7.5, 81.4, 1.4], [7.75, 81.5, 1.5]),
      costs: rows([7.75, 0.5, 0.5]),
    });
    expect(made.rows).toEqual([
      [5, -14.5, -14.5],
      [6, -4.5, -4.5],
    ]);
  });

  it('goes on from a state that a restart has set to nothing', () => {
    const made = plan({ amounts: rows([6, 81, 1], [7, 81.5, 1.5]), costs: rows([7, 0, 2]) });
    expect(made.rows).toEqual([[6, -5, -3]]);
  });

  it('writes no later hour than it may', () => {
    const amounts = rows([5, 80, 0], [6, 81, 1]);
    expect(plan({ amounts, costs: rows([7, 0, 0]), last: 5 * HOUR }).rows).toEqual([[5, -10, -10]]);
  });

  it('leaves the hour that runs alone, whatever the clock here says', () => {
    const amounts = rows([6, 81, 1], [7, 81.5, 1.5]);
    const moments = rows([7.75, 81.5, 1.5]);
    expect(plan({ amounts, moments, costs: rows([7.75, 0, 0]) }).rows).toEqual([[6, -5, -5]]);
  });

  it('is finished where it was cut short before the shift', () => {
    const cut = { amounts: rows([5, 80, 0], [6, 81, 1]), costs: rows([5, -10, -10], [6, 0, 0]) };
    expect(plan({ ...cut, imported: new Set([5 * HOUR]) })).toMatchObject({ rows: [], shift: [5, 10] });
    expect(plan(cut).shift).toBeUndefined();
  });

  it('is nothing where there is no price, or no cost yet', () => {
    const amounts = rows([5, 80, 0], [6, 81, 1]);
    const unpriced = plan({ amounts, costs: rows([6, 0, 0]), price: undefined });
    expect(unpriced).toMatchObject({ rows: [], leftAlone: [{ count: 1 }] });
    expect(plan({ amounts })).toMatchObject({ rows: [], leftAlone: [] });
  });
});
