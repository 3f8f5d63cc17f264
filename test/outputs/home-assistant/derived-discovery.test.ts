import { describe, expect, it } from 'vitest';
import { AMOUNT_QUANTITIES } from '../../../src/catalogue/derived-quantities.ts';
import { topicsBelow } from '../../../src/mqtt/topics.ts';
import { meterDiscovery } from '../../../src/outputs/home-assistant/devices.ts';
import type { Component } from '../../../src/outputs/home-assistant/discovery.ts';
import { derivedReading } from '../../../src/readings/pipeline.ts';
import type { Reading } from '../../../src/readings/reading.ts';
import { number } from '../../readings/support/readings.ts';
import { METER, READ_AT } from '../support/meter-readings.ts';
import { FACTS } from './support/facts.ts';

const UNITS: Readonly<Record<string, readonly string[]>> = {
  energy: ['Wh', 'kWh', 'MWh', 'GJ', 'MJ', 'Gcal'],
  volume: ['m³', 'l'],
  '°C': ['°C'],
  K: ['K'],
  s: ['s'],
  '': [''],
};

function unitsOf(quantity: string): readonly string[] {
  if (quantity === 'heat_energy_kwh') return ['kWh'];
  if (quantity === 'gas_equivalent') return ['m³'];
  const kinds: readonly [RegExp, string][] = [
    [/energy/, 'energy'],
    [/volume/, 'volume'],
    [/temperature/, '°C'],
    [/cooling/, 'K'],
    [/drift/, 's'],
    [/clock/, ''],
  ];
  return UNITS[kinds.find(([pattern]) => pattern.test(quantity))?.[1] ?? ''] ?? [];
}

function component(quantity: string, unit: string): Component {
  const value: Reading['value'] =
    quantity === 'meter_clock' ? { kind: 'timestamp', value: '2026-01-23T19:19:47+01:00' } : number('1.5');
  const latest = [derivedReading(quantity, { value, unit, readAt: READ_AT })];
  const found = meterDiscovery(METER, latest, topicsBelow('base'), { name: 'x', sw_version: '1' }).components[
    quantity
  ];
  if (found === undefined) throw new Error(`no component for ${quantity}`);
  return found;
}

describe('every derived quantity', () => {
  const all = AMOUNT_QUANTITIES.flatMap(([quantity]) =>
    unitsOf(quantity).map((unit) => [quantity, unit] as const),
  );

  it.each(all)('%s in "%s" is an entity that Home Assistant accepts', (quantity, unit) => {
    const { device_class = 'none', unit_of_measurement = null, state_class } = component(quantity, unit);
    const units = FACTS.device_class_units[device_class];
    expect(units, device_class).toBeDefined();
    expect(units?.length === 0 ? [null] : units).toContain(unit_of_measurement);
    expect([undefined, ...(FACTS.device_class_state_classes[device_class] ?? [])]).toContain(state_class);
  });
});

describe('in Home Assistant', () => {
  it('what counts from midnight is increasing, and begins anew', () => {
    expect(component('heat_energy_day', 'GJ')).toMatchObject({
      device_class: 'energy',
      state_class: 'total_increasing',
      name: 'Heat energy today',
    });
    expect(component('volume_month', 'm³')).toMatchObject({
      device_class: 'volume',
      state_class: 'total_increasing',
      enabled_by_default: false,
    });
  });

  it('the fine energy is a total like the main one, disabled at first', () => {
    expect(component('heat_energy_fine', 'GJ')).toMatchObject({
      device_class: 'energy',
      state_class: 'total',
      enabled_by_default: false,
    });
  });

  it('cooling is a difference of temperatures with statistics', () => {
    const cooling = component('mean_cooling', 'K');
    expect(cooling).toMatchObject({ device_class: 'temperature_delta', state_class: 'measurement' });
    expect(cooling).not.toHaveProperty('enabled_by_default');
  });

  it('the gas equivalent can stand beside a gas meter', () => {
    expect(component('gas_equivalent', 'm³')).toMatchObject({ device_class: 'gas', state_class: 'total' });
  });

  it('the clock and its drift are diagnostics, disabled at first', () => {
    const disabled = { entity_category: 'diagnostic', enabled_by_default: false };
    expect(component('meter_clock', '')).toMatchObject({ device_class: 'timestamp', ...disabled });
    expect(component('meter_clock', '')).not.toHaveProperty('state_class');
    expect(component('clock_drift', 's')).toMatchObject({
      device_class: 'duration',
      state_class: 'measurement',
      unit_of_measurement: 's',
      ...disabled,
    });
  });
});
