import { Big } from 'big.js';
import { describe, expect, it } from 'vitest';
import {
  CONVERTIBLE_UNITS,
  inBaseUnit,
  isUnitSymbol,
  UNIT,
  unitRatio,
  unitSymbol,
} from '../../src/catalogue/units.ts';

describe('units', () => {
  /** Codes 0 to 74 in their order; codes 0 and 51 are plain numbers. */
  const FROM_ZERO = [
    '|Wh|kWh|MWh|GWh|J|kJ|MJ|GJ|cal|kcal|Mcal|Gcal|varh|kvarh|Mvarh|Gvarh|VAh|kVAh|MVAh|GVAh',
    'W|kW|MW|GW|var|kvar|Mvar|Gvar|VA|kVA|MVA|GVA|V|A|kV|kA|°C|K|l|m³|l/h|m³/h|m³·°C|t|t/h|h',
    'hh:mm:ss|yy-mm-dd|yyyy-mm-dd|mm-dd||bar|RTC|ASCII|m³ x10|t x10|GJ x10|min|bit field|s|ms|d|RTC-Q',
    'date-time|imp/l|l/imp|Hz|°|%|US gal|US gal/min|KamDateTime|IPv4|IPv6',
  ]
    .join('|')
    .split('|')
    .map((symbol, code) => [code, symbol] as const);

  const LATER = [
    [79, 'DST-date-time'],
    [85, '%RH'],
    [86, '%O₂'],
    [87, 'm/s'],
    [88, 'kJ/kg'],
    [89, 'pH'],
    [90, 'g/kg'],
  ] as const;

  describe('a unit code', () => {
    it('has a symbol from 0 to 74', () => {
      expect(FROM_ZERO).toHaveLength(75);
    });

    it.each([...FROM_ZERO, ...LATER])('%i is %j', (code, symbol) => {
      expect(unitSymbol(code)).toBe(symbol);
    });

    it('is known by its symbol, and nothing else is', () => {
      const symbols = Array.from({ length: 256 }, (_, code) => unitSymbol(code));
      expect(symbols.filter((symbol) => !isUnitSymbol(symbol))).toEqual([]);
      expect(['furlong', 'toString', '__proto__', 'unit', 7, null].filter(isUnitSymbol)).toEqual([]);
    });

    it.each(['toString', 'constructor', '__proto__'])('has nothing to do with %s', (name) => {
      expect(unitRatio(name, 'kW')).toBeUndefined();
      expect(unitRatio('kW', name)).toBeUndefined();
      expect(inBaseUnit(new Big(1), name).value.toFixed()).toBe('1');
    });

    it.each([
      75, 76, 77, 78, 80, 81, 82, 83, 84, 91, 255,
    ])('%i is not public and shown as a number', (code) => {
      expect(unitSymbol(code)).toBe(`unit ${code}`);
    });

    it('has a name that fits its symbol', () => {
      const symbols = Object.entries(UNIT).map(([name, code]) => `${name} ${unitSymbol(code)}`.trim());
      expect(symbols).toEqual([
        'wattHour Wh',
        'kiloWattHour kWh',
        'megaWattHour MWh',
        'gigaJoule GJ',
        'gigaCalorie Gcal',
        'kilovarHour kvarh',
        'kiloWatt kW',
        'kilovar kvar',
        'volt V',
        'ampere A',
        'celsius °C',
        'kelvin K',
        'litre l',
        'cubicMetre m³',
        'litrePerHour l/h',
        'cubicMetreCelsius m³·°C',
        'tonne t',
        'hour h',
        'clock hh:mm:ss',
        'date yy-mm-dd',
        'longDate yyyy-mm-dd',
        'monthDay mm-dd',
        'number',
        'bar bar',
        'realTimeClock RTC',
        'ascii ASCII',
        'tenGigaJoules GJ x10',
        'minute min',
        'bitField bit field',
        'second s',
        'realTimeClockQuarter RTC-Q',
        'litrePerPulse l/imp',
        'secondsSince2000 KamDateTime',
        'dstDateTime DST-date-time',
      ]);
    });
  });
});

describe('an amount in its base unit', () => {
  it.each([
    ['84.817', 'GJ', '84817000000', 'joules'],
    ['23.5603', 'MWh', '84817080000', 'joules'],
    ['1', 'kWh', '3600000', 'joules'],
    ['0.001', 'Gcal', '4186800', 'joules'],
    ['271211', 'Wh', '976359600', 'joules'],
    ['520.41', 'm³', '520.41', 'cubic_meters'],
    ['520410', 'l', '520.41', 'cubic_meters'],
    ['4.1', 'kW', '4100', 'watts'],
    ['3.6', 'm³/h', '0.001', 'cubic_meters_per_second'],
    ['900', 'l/h', '0.00025', 'cubic_meters_per_second'],
    ['65.20', '°C', '65.2', 'celsius'],
    ['-12.3', 'K', '-12.3', 'kelvin'],
    ['1.6', 'bar', '160000', 'pascals'],
    ['8760', 'h', '31536000', 'seconds'],
    ['60', 'min', '3600', 'seconds'],
    ['2', 'd', '172800', 'seconds'],
    ['1500', 'ms', '1.5', 'seconds'],
    ['230', 'V', '230', 'volts'],
    ['0.23', 'kV', '230', 'volts'],
    ['1.25', 'A', '1.25', 'amperes'],
    ['50.01', 'Hz', '50.01', 'hertz'],
    ['1.5', 'kvar', '1500', 'vars'],
    ['2', 'kvarh', '7200000', 'var_seconds'],
    ['3', 'kVA', '3000', 'volt_amperes'],
    ['98', '%', '0.98', 'ratio'],
    ['1.25', 't', '1250000', 'grams'],
    ['10', 'l/imp', '0.01', 'cubic_meters_per_pulse'],
    ['100', 'US gal', '0.3785411784', 'cubic_meters'],
    ['17', '', '17', ''],
  ])('%s %s is exactly %s %s', (text, symbol, expected, unit) => {
    const amount = inBaseUnit(new Big(text), symbol);
    expect([amount.value.toFixed(), amount.unit]).toEqual([expected, unit]);
  });

  it('has more digits than a floating-point number where it has no end', () => {
    expect(inBaseUnit(new Big('101'), 'l/h').value.toNumber()).toBe(101 / 3.6e6);
    expect(inBaseUnit(new Big('1'), 't/h')).toMatchObject({ unit: 'grams_per_second' });
  });

  it.each([
    ['GJ x10', 'tens_of_gj'],
    ['m³·°C', 'cubic_meter_celsius'],
    ['unit 75', 'unit_75'],
    ['pH', 'ph'],
  ])('is kept where there is none: %s', (symbol, unit) => {
    const amount = inBaseUnit(new Big('12.5'), symbol);
    expect([amount.value.toFixed(), amount.unit]).toEqual(['12.5', unit]);
  });

  it('is there for every unit that somebody may configure', () => {
    const units = new Set(CONVERTIBLE_UNITS.map((symbol) => inBaseUnit(new Big(1), symbol).unit));
    expect([...units].sort()).toEqual(['cubic_meters', 'cubic_meters_per_second', 'joules', 'watts']);
  });
});
