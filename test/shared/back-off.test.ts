import { expect, test } from 'vitest';
import { BackOff } from '../../src/shared/back-off.ts';

function delays(backOff: BackOff, count: number): number[] {
  return Array.from({ length: count }, () => backOff.next());
}

test('each delay is twice the one before, up to the longest', () => {
  const backOff = new BackOff(1_000, 60_000, () => 0);
  expect(delays(backOff, 8)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 48_000, 48_000]);
});

test('it stays at the longest delay however often it is asked', () => {
  const backOff = new BackOff(1_000, 60_000, () => 0);
  expect(delays(backOff, 2_000).at(-1)).toBe(48_000);
  const unlucky = new BackOff(1_000, 60_000, () => 1);
  expect(delays(unlucky, 2_000).at(-1)).toBe(60_000);
});

test('jitter adds up to a quarter, so that many bridges do not knock at the same moment', () => {
  const randoms = [0.5, 0.999];
  const backOff = new BackOff(1_000, 60_000, () => randoms.shift() ?? 0);
  expect(backOff.next()).toBe(1_125);
  expect(backOff.next()).toBeCloseTo(2_499.5);
  expect(backOff.next()).toBe(4_000);
});

test('after a reset it begins with the first delay again', () => {
  const backOff = new BackOff(1_000, 60_000, () => 0);
  delays(backOff, 5);
  backOff.reset();
  expect(delays(backOff, 2)).toEqual([1_000, 2_000]);
});
