import { Big } from 'big.js';
import { describe, expect, it } from 'vitest';
import { inStatisticUnit } from '../../src/statistics/statistic-units.ts';

function converted(text: string, from: string, to: string): number | undefined {
  const decimals = text.split('.')[1]?.length ?? 0;
  return inStatisticUnit({ value: new Big(text), decimals }, from, to)?.value;
}

describe('a logged number in the unit of a statistic', () => {
  it.each([
    ['84.960', 'GJ', 'GJ', 84.96],
    ['84.960', 'GJ', 'MWh', 23.6],
    ['84.970', 'GJ', 'kWh', 23602.8],
    ['84.96', 'MWh', 'GJ', 305.856],
    ['2.5', 'GWh', 'TWh', 0.0025],
    ['1.000', 'm³', 'L', 1000],
    ['28.316846592', 'l', 'ft³', 1],
    ['3.785411784', 'm³', 'gal', 1000],
    ['2.8316846592', 'm³', 'CCF', 1],
    ['65.2', '°C', '°C', 65.2],
    ['65.2', '°C', '°F', 149.36],
    ['65.2', '°C', 'K', 338.35],
    ['4512', 'h', 'h', 4512],
    ['7', '', '', 7],
  ])('%s %s in %s', (text, from, to, expected) => expect(converted(text, from, to)).toBe(expected));

  it.each([
    ['GJ', 'm³'],
    ['m³', 'kWh'],
    ['t', 'kg'],
    ['GJ', '°F'],
    ['h', ''],
  ])('none for %s in %s', (from, to) => expect(converted('1.0', from, to)).toBeUndefined());

  it('says what a last digit is there', () => {
    expect(inStatisticUnit({ value: new Big('84.960'), decimals: 3 }, 'GJ', 'kWh')?.digit).toBe(0.1);
    expect(inStatisticUnit({ value: new Big('520.10'), decimals: 2 }, 'l', 'gal')?.digit).toBeCloseTo(
      0.00264,
    );
  });
});
