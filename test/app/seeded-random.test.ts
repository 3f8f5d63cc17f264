import { expect, it } from 'vitest';
import { seededRandom } from '../../src/app/seeded-random.ts';

it('the same seed gives the same numbers, each from 0 to below 1', () => {
  const numbers = (seed: number): number[] => Array.from({ length: 1000 }, seededRandom(seed));
  expect(numbers(7)).toEqual(numbers(7));
  expect(numbers(7)).not.toEqual(numbers(8));
  expect(numbers(7).every((number) => number >= 0 && number < 1)).toBe(true);
});
