import { Big } from 'big.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CONVERTIBLE_UNITS, unitRatio } from '../../src/catalogue/units.ts';
import { convertReading, convertsExactly, convertUnit, isPowerAbove } from '../../src/readings/conversion.ts';
import type { Reading } from '../../src/readings/reading.ts';
import { energy, number, reading } from './support/readings.ts';

describe('convert unit', () => {
  function converted(text: string, from: string, to: string): string | undefined {
    const value = number(text);
    if (value.kind !== 'number') throw new Error('a number');
    const result = convertUnit(value, from, to);
    return result?.value.toFixed(result.decimals);
  }

  const unit = fc.constantFrom(...CONVERTIBLE_UNITS);
  const pair = fc.tuple(unit, unit).filter(([from, to]) => unitRatio(from, to) !== undefined);
  const digits = fc.bigInt({ min: 0n, max: 99_999_999n });
  const decimals = fc.integer({ min: 0, max: 4 });
  const of = (integer: bigint, places: number) => ({
    value: new Big(`${integer}e-${places}`),
    decimals: places,
  });
  const unwrap = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error('cannot be converted');
    return value;
  };

  describe('an amount in another unit', () => {
    it.each([
      ['0.001', 'MWh', 'kWh', '1'],
      ['55.006', 'MWh', 'kWh', '55006'],
      ['102.47', 'MWh', 'kWh', '102470'],
      ['1', 'kWh', 'GJ', '0.0036'],
      ['84208', 'Wh', 'GJ', '0.3031488'],
      ['271211.3', 'Wh', 'MWh', '0.2712113'],
      ['1.000', 'Gcal', 'MWh', '1.163000'],
      ['520.41', 'm³', 'l', '520410'],
      ['101', 'l/h', 'm³/h', '0.101'],
      ['4.0', 'kW', 'W', '4000'],
    ])('%s %s is exactly %4$s %3$s', (text, from, to, expected) => {
      expect(converted(text, from, to)).toBe(expected);
      expect(convertsExactly(from, to)).toBe(true);
    });

    it('is rounded where it has no end, to less than the last digit that the meter gave', () => {
      expect(converted('84.817', 'GJ', 'kWh')).toBe('23560.3');
      expect(converted('84.818', 'GJ', 'kWh')).toBe('23560.6');
      expect(converted('60', 'GJ', 'kWh')).toBe('16667');
      expect(convertsExactly('GJ', 'kWh')).toBe(false);
    });

    it('is none where the units are of different kinds or unknown', () => {
      expect(converted('1', 'GJ', 'm³')).toBeUndefined();
      expect(converted('1', 't', 'kWh')).toBeUndefined();
      expect(converted('1', 'GJ', 'horse')).toBeUndefined();
      expect(convertsExactly('t', 'kWh')).toBe(false);
      expect(converted('1.0', 't', 't')).toBe('1.0');
    });

    it('is more when there is more, and by converting back the old number is found again', () => {
      fc.assert(
        fc.property(pair, digits, decimals, ([from, to], integer, places) => {
          const [less, more] = [integer, integer + 1n].map((each) =>
            unwrap(convertUnit(of(each, places), from, to)),
          );
          expect(less?.value.lt(more?.value ?? 0)).toBe(true);
          const back = unwrap(convertUnit(unwrap(less), to, from));
          expect(back.value.toFixed(places)).toBe(of(integer, places).value.toFixed(places));
        }),
      );
    });
  });

  describe('a reading in another unit', () => {
    it('keeps everything else', () => {
      const given = energy('84.817');
      expect(convertReading(given, 'MJ')).toEqual({ ...given, unit: 'MJ', value: number('84817') });
    });

    it('stays unknown where it is not to be believed, as the same entity', () => {
      const unknown = { kind: 'unknown', value: null, decimals: 3, cause: 'x' } as const;
      const given = reading(60, unknown, 'GJ');
      expect(convertReading(given, 'kWh')).toEqual({
        ...given,
        unit: 'kWh',
        value: { ...unknown, decimals: 1 },
      });
      expect(convertReading(given, 'm³')).toBeUndefined();
    });

    it('is none for what is no number or no such unit', () => {
      expect(convertReading(reading(123, { kind: 'date', value: null }, ''), 'kWh')).toBeUndefined();
      expect(convertReading(energy('1'), 'l')).toBeUndefined();
    });
  });
});

describe('power level', () => {
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
});
