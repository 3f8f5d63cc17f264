import { expect } from 'vitest';
import { type DeviceDiscovery, discoveryTopics } from '../../../../src/outputs/home-assistant/discovery.ts';
import { componentPayload } from '../../../../src/outputs/home-assistant/migration.ts';
import { Domoticz, type DomoticzRelease, type Shown } from './domoticz.ts';
import { shortest } from './domoticz-template.ts';

/** What one Domoticz has after all single payloads of a device and these messages. */
export function domoticzAfter(
  release: DomoticzRelease,
  discovery: DeviceDiscovery,
  states: Readonly<Record<string, string>>,
): Domoticz {
  const domoticz = new Domoticz(release, 'homeassistant');
  const [deviceId = ''] = discovery.device.identifiers;
  for (const [key, component] of Object.entries(discovery.components)) {
    const topic = discoveryTopics('homeassistant', deviceId).component(component.platform, key);
    domoticz.hear(topic, componentPayload(discovery, component));
  }
  // Twice: the first time not everything is known that is shown beside a counter.
  for (const _ of [1, 2])
    for (const [topic, payload] of Object.entries(states)) domoticz.hear(topic, payload);
  return domoticz;
}

/** What Domoticz shows by the key of the entity; what it has no device of is not there. */
export function shownKeys(domoticz: Domoticz, { components }: DeviceDiscovery): ReadonlyMap<string, Shown> {
  return new Map(
    Object.entries(components).flatMap(([key, { unique_id }]) => {
      const shown = domoticz.devices.get(unique_id);
      return shown === undefined ? [] : [[key, shown] as const];
    }),
  );
}

/** Whatever Domoticz shows of the meter's own values is right: number, unit and kind. */
export function expectRightInDomoticz(discovery: DeviceDiscovery, stateTopic: string, state: string): void {
  const values: Readonly<Record<string, unknown>> = JSON.parse(state);
  for (const release of ['up to 2025.1', 'later'] as const) {
    const domoticz = domoticzAfter(release, discovery, { [stateTopic]: state });
    expect([...domoticz.batteryLevels]).toEqual([]);
    for (const { unique_id, enabled_by_default = true, availability } of Object.values(
      discovery.components,
    )) {
      const known = domoticz.known.get(unique_id);
      const topic = (availability ?? discovery.availability)?.at(-1)?.topic;
      const wanted = {
        device: discovery.device.identifiers[0],
        used: enabled_by_default,
        availability: topic,
      };
      if (known !== undefined) expect(known).toEqual(wanted);
    }
    for (const [key, { type, data }] of shownKeys(domoticz, discovery)) {
      if (!(key in values)) continue;
      const wanted = wantedOf(type, values[key], discovery.components[key]?.unit_of_measurement ?? '');
      expect(`${key}: ${type}: ${data.replace(/^\d+ W, /, '')}`).toBe(`${key}: ${type}: ${wanted}`);
    }
  }
}

/** Undefined where nothing of ours may be of that type. */
function wantedOf(type: string, value: unknown, unit: string): string | undefined {
  const number = Number(value);
  const watts = { W: 1, kW: 1000 }[unit];
  const kilowattHours = { Wh: 1e-3, kWh: 1 }[unit];
  switch (type) {
    case 'switch':
      return value === true ? 'On' : 'Off';
    case 'text':
      return String(value);
    case 'temperature':
      return unit === '°C' ? `${number.toFixed(2)} °C` : undefined;
    case 'voltage':
    case 'current':
      return `${number.toFixed(3)} ${unit}`;
    case 'usage':
      return watts === undefined ? undefined : `${(number * watts).toFixed(3)} W`;
    case 'kWh':
      return kilowattHours === undefined ? undefined : `${(number * kilowattHours).toFixed(3)} kWh`;
    case 'custom':
      return `${shortest(number, 6)} ${unit || '??'}`;
    case 'percentage':
      return unit === '%' ? `${value} %` : undefined;
    default:
      return undefined;
  }
}
