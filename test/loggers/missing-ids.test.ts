import { describe, expect, it } from 'vitest';
import { countOf, missingIn, nextAsked } from '../../src/loggers/missing-ids.ts';

describe('the ids that are missing', () => {
  const all = { from: 186, to: 645 };

  it('are all of them, none of them, or what lies between those that are known', () => {
    expect(missingIn(all, [])).toEqual([all]);
    expect(missingIn(all, [{ from: 0, to: 900 }])).toEqual([]);
    const known = [
      { from: 600, to: 700 },
      { from: 100, to: 190 },
      { from: 300, to: 300 },
    ];
    const missing = missingIn(all, known);
    expect(missing).toEqual([
      { from: 191, to: 299 },
      { from: 301, to: 599 },
    ]);
    expect(countOf(missing)).toBe(408);
    expect(missingIn({ from: 5, to: 4 }, [])).toEqual([]);
  });

  it('are asked for from the newest down or from the oldest up, never across a gap', () => {
    const missing = missingIn(all, [{ from: 300, to: 400 }]);
    expect(nextAsked(missing, 'newest', Number.POSITIVE_INFINITY)).toEqual({ from: 401, to: 645 });
    expect(nextAsked(missing, 'newest', 10)).toEqual({ from: 636, to: 645 });
    expect(nextAsked(missing, 'oldest', 10)).toEqual({ from: 186, to: 195 });
    expect(nextAsked(missing, 'oldest', 1000)).toEqual({ from: 186, to: 299 });
    expect(nextAsked([], 'newest', 10)).toBeUndefined();
  });
});
