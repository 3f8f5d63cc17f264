import { Big } from 'big.js';
import { expect, it } from 'vitest';
import { isPowerAbove } from '../../src/readings/power-level.ts';
import type { Reading } from '../../src/readings/reading.ts';

function power(amount: string, unit: string, quantity = 'power'): Reading {
  const value = { kind: 'number', value: new Big(amount), decimals: 1 } as const;
  return { quantity, label: 'Power', register: 80, nature: 'live', value, unit, readAt: 0 };
}

it.each([
  ['2.1', 'kW', '2', 'kW', true],
  ['2.0', 'kW', '2', 'kW', false],
  ['1999', 'W', '2', 'kW', false],
  ['2001', 'W', '2', 'kW', true],
  ['0.1', 'MW', '99.9', 'kW', true],
  ['3', 'kW', '0.002', 'MW', true],
  ['-3', 'kW', '0', 'W', false],
])('%s %s against %s %s is above: %s', (now, unit, amount, thresholdUnit, above) => {
  expect(isPowerAbove([power(now, unit)], { amount, unit: thresholdUnit })).toBe(above);
});

it('takes the power that an electricity meter imports', () => {
  expect(isPowerAbove([power('3', 'kW', 'power_import')], { amount: '2', unit: 'kW' })).toBe(true);
});

it.each([
  ['there is no power among the readings', [power('3', 'kW', 'power_max_month')]],
  ['its unit is none of power', [power('3', 'GJ')]],
  [
    'it must not be believed',
    [{ ...power('3', 'kW'), value: { kind: 'unknown', value: null, decimals: 1, cause: 'x' } as const }],
  ],
])('cannot be told when %s', (_case, readings) => {
  expect(isPowerAbove(readings, { amount: '2', unit: 'kW' })).toBeUndefined();
});
