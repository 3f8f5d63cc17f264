import { describe, expect, it } from 'vitest';
import { DERIVED_QUANTITY_NAMES, derivedQuantity } from '../../../src/catalogue/derived-quantities.ts';
import { KNOWN_REGISTER_IDS, registerInfo } from '../../../src/catalogue/registers.ts';
import { quantityMetric } from '../../../src/outputs/prometheus/quantity-metric.ts';
import type { Reading, ReadingValue } from '../../../src/readings/reading.ts';
import { number, reading } from '../../readings/support/readings.ts';

function derived(quantity: string, value: ReadingValue, unit = ''): Reading {
  const { label, nature } = derivedQuantity(quantity) ?? { label: '', nature: 'live' };
  return { quantity, label, nature, register: null, value, unit, readAt: 0 };
}

describe('the metric of a quantity', () => {
  it.each([
    [60, '84.817', 'GJ', 'multical_heat_energy_joules_total', 'counter', 84_817_000_000],
    [68, '412.71', 'm³', 'multical_volume_cubic_meters_total', 'counter', 412.71],
    [80, '4.1', 'kW', 'multical_power_watts', 'gauge', 4_100],
    [74, '900', 'l/h', 'multical_flow_cubic_meters_per_second', 'gauge', 0.00025],
    [86, '65.20', '°C', 'multical_flow_temperature_celsius', 'gauge', 65.2],
    [89, '30.11', 'K', 'multical_temperature_difference_kelvin', 'gauge', 30.11],
    [89, '30.11', '°C', 'multical_temperature_difference_kelvin', 'gauge', 30.11],
    [1004, '10', 'h', 'multical_operating_time_seconds_total', 'counter', 36_000],
    [113, '7', '', 'multical_info_events_total', 'counter', 7],
    [369, '2', '', 'multical_info_bitmask', 'gauge', 2],
    [85, '12', 'm³', 'multical_pulse_input_b1_cubic_meters_total', 'counter', 12],
    // It wraps.
    [266, '84817', 'Wh', 'multical_heat_energy_high_resolution_joules', 'gauge', 305_341_200],
    [128, '9.1', 'kW', 'multical_max_power_year_watts', 'gauge', 9_100],
    [1031, '-4', 'kWh', 'multical_active_energy_net_joules', 'gauge', -14_400_000],
  ] as const)('register %i, %s %s', (register, text, unit, metric, type, value) => {
    expect(quantityMetric(reading(register, number(text), unit))).toMatchObject({ metric, type, value });
  });

  it('has a sentence for a person', () => {
    expect(quantityMetric(reading(60, number('1'), 'GJ'))?.help).toBe('Heat energy.');
  });

  it('is 1 or 0 for what may be the matter', () => {
    const air = (value: boolean) => quantityMetric(derived('problem_air', { kind: 'flag', value }));
    expect(air(true)).toMatchObject({ metric: 'multical_problem_air', type: 'gauge', value: 1 });
    expect(air(false)).toMatchObject({ value: 0 });
  });

  it("is a moment for the meter's clock", () => {
    const clock = (value: string | null) =>
      quantityMetric(derived('meter_clock', { kind: 'timestamp', value }));
    expect(clock('2026-01-23T19:19:47+01:00')).toMatchObject({
      metric: 'multical_meter_clock_timestamp_seconds',
      value: Date.UTC(2026, 0, 23, 18, 19, 47) / 1000,
    });
    expect(clock(null)).toBeUndefined();
  });

  it.each([
    ['a failed sensor', reading(86, { kind: 'unknown', value: null, decimals: 2, cause: 'x' }, '°C')],
    ['the same amount in another unit', derived('heat_energy_kwh', number('1'), 'kWh')],
    ['a message', derived('info', { kind: 'text', value: 'Air' })],
    ['a date', reading(127, { kind: 'date', value: '2026-01-15' }, '')],
    ['a name', reading(1010, number('123456'), '')],
    ['a total below zero', reading(60, number('-1'), 'GJ')],
    ['what cannot be read', reading(99, { kind: 'unreadable', value: null, hex: '00' }, '')],
  ])('is none for %s', (_what, each) => {
    expect(quantityMetric(each)).toBeUndefined();
  });

  it.each([
    '',
    'GJ',
    'GJ x10',
    'm³',
    'm³ x10',
    'kW',
    'l/h',
    '°C',
    'K',
    'h',
    'unit 75',
  ])('in "%s" is one of its own for every quantity, with a name and a type by the rules', (unit) => {
    const numbers = [
      ...KNOWN_REGISTER_IDS.map((id) => ({ ...reading(id, number('1'), unit), ...registerInfo(id) })),
      ...DERIVED_QUANTITY_NAMES.map((quantity) => derived(quantity, number('1'), unit)),
    ];
    const metrics = numbers.map(quantityMetric).filter((metric) => metric !== undefined);
    const names = metrics.map(({ metric }) => metric);
    expect(metrics.length).toBeGreaterThan(200);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    for (const { metric, type } of metrics) {
      expect(metric).toMatch(/^multical_[a-z0-9_]+$/);
      expect([metric, metric.endsWith('_total')]).toEqual([metric, type === 'counter']);
    }
  });
});
