import { describe, expect, it } from 'vitest';
import type { DomoticzDevice } from '../../../src/outputs/domoticz/config.ts';
import { deviceValue } from '../../../src/outputs/domoticz/device-value.ts';
import type { Reading } from '../../../src/readings/reading.ts';
import { number, reading } from '../../readings/support/readings.ts';

function device(type: DomoticzDevice['type'], quantity: string): DomoticzDevice {
  return { meter: null, quantity, index: 12, type };
}

function told(type: DomoticzDevice['type'], fresh: readonly Reading[], latest = fresh) {
  const value = deviceValue(device(type, fresh[0]?.quantity ?? ''), fresh, latest);
  return value.kind === 'value' ? value.svalue : value;
}

const ENERGY = 60;
const VOLUME = 68;
const FLOW = 74;
const POWER = 80;

describe('the value of a Domoticz device', () => {
  it.each([
    ['a 403 in the issue', reading(ENERGY, number('84.817'), 'GJ'), '84.817'],
    ['a temperature of a 601', reading(86, number('65.20'), '°C'), '65.20'],
    [
      'more digits than floating point has',
      reading(ENERGY, number('12345678901234567.890'), 'kWh'),
      '12345678901234567.890',
    ],
    ['a flow', reading(FLOW, number('0.101'), 'm³/h'), '0.101'],
    ['a date', reading(127, { kind: 'date', value: '2026-01-15' }, ''), '2026-01-15'],
    ['words', { ...reading(99, { kind: 'text', value: 'air; leak' }, ''), quantity: 'info' }, 'air; leak'],
  ])('is just what is published: %s', (_, given, expected) => {
    expect(told('value', [given])).toBe(expected);
  });

  it.each([
    ['60.750', 'MWh', '60750000'],
    ['84.817', 'MWh', '84817000'],
    ['23560', 'kWh', '23560000'],
    ['23560.3', 'kWh', '23560300'],
    // 84.817 GJ are 23 560 277.7... Wh.
    ['84.817', 'GJ', '23560278'],
    ['0.0036', 'GJ', '1000'],
    ['84208.9', 'Wh', '84208'],
  ])('is whole watt-hours for a counter: %s %s', (text, unit, expected) => {
    expect(told('counter', [reading(ENERGY, number(text), unit)])).toBe(expected);
  });

  it.each([
    ['520.41', 'm³', '520410'],
    ['520.4107', 'm³', '520410'],
    ['1234', 'l', '1234'],
    ['0.00', 'm³', '0'],
  ])('is whole litres for a counter: %s %s', (text, unit, expected) => {
    expect(told('counter', [reading(VOLUME, number(text), unit)])).toBe(expected);
  });

  it('is the whole number for a counter of anything else', () => {
    expect(told('counter', [reading(1004, number('31415'), 'h')])).toBe('31415');
    expect(told('counter', [reading(61, number('12.9'), '')])).toBe('12');
    expect(told('counter', [reading(61, number('-0.9'), '')])).toBe('0');
  });

  it.each([
    ['4.0', 'kW', '4000'],
    ['12.34', 'kW', '12340'],
    ['0.0012', 'MW', '1200'],
    ['226.2', 'W', '226.2'],
  ])('is watts of usage: %s %s', (text, unit, expected) => {
    expect(told('usage', [reading(POWER, number(text), unit)])).toBe(expected);
  });

  it.each([
    // A 403 and a 603 give l/h, a large 601 m³/h.
    ['120', 'l/h', '2'],
    ['101', 'l/h', '1.683'],
    ['0', 'l/h', '0'],
    ['0.101', 'm³/h', '1.683'],
    ['12.5', 'm³/h', '208.333'],
  ])('is litres a minute: %s %s', (text, unit, expected) => {
    expect(told('waterflow', [reading(FLOW, number(text), unit)])).toBe(expected);
  });

  it('is watts and watt-hours for instant and counter', () => {
    const power = reading(POWER, number('4.0'), 'kW');
    expect(told('kwh', [reading(ENERGY, number('60.750'), 'MWh'), power])).toBe('4000;60750000');
    expect(told('kwh', [reading(ENERGY, number('23560.3'), 'kWh'), power])).toBe('4000;23560300');
  });

  it('takes the power of the direction that the energy has', () => {
    const energy = { ...reading(ENERGY, number('1.5'), 'kWh'), quantity: 'active_energy_export' };
    const power = (quantity: string, text: string) => ({ ...reading(POWER, number(text), 'W'), quantity });
    expect(told('kwh', [energy, power('power_import', '7'), power('power_export', '9')])).toBe('9;1500');
  });

  it('is nothing while a reading does not have both of instant and counter', () => {
    const energy = reading(ENERGY, number('60.750'), 'MWh');
    const power = reading(POWER, number('4.0'), 'kW');
    const unknown = reading(POWER, { kind: 'unknown', value: null, decimals: 1, cause: 'sensor' }, 'kW');
    expect(told('kwh', [energy], [energy, power])).toEqual({ kind: 'nothing' });
    expect(told('kwh', [energy, unknown])).toEqual({ kind: 'nothing' });
    expect(deviceValue(device('kwh', energy.quantity), [power], [energy, power])).toEqual({
      kind: 'nothing',
    });
  });

  it('is nothing where the meter says nothing, or only said so before', () => {
    const unknown = reading(86, { kind: 'unknown', value: null, decimals: 2, cause: 'sensor' }, '°C');
    const energy = reading(ENERGY, number('60.750'), 'MWh');
    expect(told('value', [unknown])).toEqual({ kind: 'nothing' });
    expect(told('counter', [unknown])).toEqual({ kind: 'nothing' });
    expect(told('value', [reading(127, { kind: 'date', value: null }, '')])).toEqual({ kind: 'nothing' });
    expect(deviceValue(device('value', energy.quantity), [unknown], [unknown, energy])).toEqual({
      kind: 'nothing',
    });
  });

  it.each([
    ['usage', [reading(86, number('65.20'), '°C')], '"flow_temperature" comes in °C, and it must be a power'],
    ['waterflow', [reading(POWER, number('4.0'), 'kW')], '"power" comes in kW, and it must be a flow'],
    ['waterflow', [reading(61, number('4'), '')], 'comes without a unit, and it must be a flow'],
    [
      'kwh',
      [reading(POWER, number('4.0'), 'kW')],
      '"power" comes in kW, and it must be an energy; its power is added',
    ],
    [
      'kwh',
      [reading(ENERGY, number('1'), 'GJ')],
      'the meter gives no "power", which such a device shows too',
    ],
    ['kwh', [reading(ENERGY, number('1'), 'GJ'), reading(POWER, number('4'), 'l/h')], '"power" comes in l/h'],
    ['counter', [reading(127, { kind: 'date', value: '2026-01-15' }, '')], 'it is no number'],
  ] as const)('cannot be: %s', (type, fresh, why) => {
    expect(told(type, fresh)).toEqual({ kind: 'unfit', why: expect.stringContaining(why) });
  });
});
