import { describe, expect, it } from 'vitest';
import { UNIT, unitSymbol } from '../../src/kmp/units.ts';

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

  it.each([75, 76, 77, 78, 80, 81, 82, 83, 84, 91, 255])('%i is not public and shown as a number', (code) => {
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
