import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { changesBetween, withChanges } from '../../src/shared/json-changes.ts';

const RUNS = { seed: 20_260_115, numRuns: 2_000 };

describe('what changed in a JSON value', () => {
  test.each([
    ['nothing', { a: [1, { b: 2 }] }, { a: [1, { b: 2 }] }, undefined],
    ['a member', { a: 1, b: 2 }, { a: 1, b: 3 }, { b: [3] }],
    [
      'a member deep inside',
      { a: { b: [1, { c: 1 }] } },
      { a: { b: [1, { c: 2 }] } },
      { a: { b: { 1: { c: [2] } } } },
    ],
    ['one that is gone', { a: 1, b: 2 }, { a: 1 }, { b: [] }],
    ['one that is new', { a: 1 }, { a: 1, b: null }, { b: [null] }],
    ['a list that grew', [1], [1, [2]], { 1: [[2]] }],
    ['a list that lost its end', [1, 2, 3], [4], { 0: [4], 1: [], 2: [] }],
    ['another kind of value', { a: [] }, { a: {} }, { a: [{}] }],
    ['members in another order', { a: 1, b: 2 }, { b: 2, a: 1 }, [{ b: 2, a: 1 }]],
    ['a value that is not there at all any more', 1, null, [null]],
  ])('is said by itself: %s', (_, before, after, changes) => {
    expect(changesBetween(before, after)).toEqual(changes);
    expect(withChanges(before, changesBetween(before, after))).toEqual(after);
  });

  it('leads to the other value, whatever both are, also through a file', () => {
    // Few names and few numbers, so that much stays the same.
    const key = fc.constantFrom('a', 'b', '1', '2', '__proto__');
    const value = fc.object({ key, values: [fc.constantFrom(0, 1, null, '1')], maxKeys: 4, maxDepth: 3 });
    fc.assert(
      fc.property(value, value, (before, after) => {
        const old = JSON.stringify(before);
        const [from, to]: unknown[] = [JSON.parse(old), JSON.parse(JSON.stringify(after))];
        const changes = changesBetween(from, to);
        const stored = changes && JSON.parse(JSON.stringify(changes));
        expect(JSON.stringify(withChanges(from, stored))).toBe(JSON.stringify(after));
        expect(JSON.stringify(from)).toBe(old);
      }),
      RUNS,
    );
  });
});
