import { expect } from 'vitest';
import type { Component } from '../../../../src/outputs/home-assistant/discovery.ts';
import { ELECTRICAL, FACTS } from './facts.ts';

/** The rules of the sensor platform whose breach makes an entity fail, or Home Assistant complain. */
export function expectAccepted(name: string, sensor: Component): void {
  const { platform, device_class, unit_of_measurement, state_class } = sensor;
  if (platform !== 'sensor') return;
  if (device_class !== undefined) {
    const units = FACTS.device_class_units[device_class] ?? ELECTRICAL[device_class];
    expect(units, `${name}: device class ${device_class}`).toBeDefined();
    const without = units?.length === 0 || units?.includes(null) ? [undefined] : [];
    expect([...without, ...(units ?? [])], `${name}: unit of ${device_class}`).toContain(unit_of_measurement);
    const stateClasses = FACTS.device_class_state_classes[device_class] ?? ['measurement'];
    expect([undefined, ...stateClasses], `${name}: state class of ${device_class}`).toContain(state_class);
  }
  expect([undefined, 'measurement', 'total', 'total_increasing']).toContain(state_class);
  expect(sensor).not.toHaveProperty('last_reset_value_template');
  expect(sensor).not.toHaveProperty('object_id');
  expect([undefined, 'diagnostic']).toContain(sensor.entity_category);
  expect(sensor.unit_of_measurement, name).not.toBe('');
}
