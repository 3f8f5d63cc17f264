import { expect } from 'vitest';
import type { MeterIdentity } from '../../../../src/meter/publisher.ts';
import { topicsBelow } from '../../../../src/mqtt/topics.ts';
import { meterDiscovery } from '../../../../src/outputs/home-assistant/devices.ts';
import {
  type Component,
  discoveryTopics,
  meterDeviceId,
  TEMPLATES,
} from '../../../../src/outputs/home-assistant/discovery.ts';
import { componentPayload } from '../../../../src/outputs/home-assistant/migration.ts';
import { type Reading, stateJson } from '../../../../src/readings/reading.ts';
import { READ_AT } from '../../support/meter-readings.ts';
import { expectRightInDomoticz } from './expect-right-in-domoticz.ts';

/** What Python's dictionaries have themselves: Jinja would find that in place of a key of the same name. */
const OF_DICTIONARIES = /^(clear|copy|fromkeys|get|items|keys|pop|popitem|setdefault|update|values)$/;

/** Each entity is the same one in the single form, at a legal topic, and Domoticz shows nothing of it that is wrong. */
export function expectSameInComponentForm(
  meter: MeterIdentity,
  latest: readonly Reading[],
  inDeviceForm: Readonly<Record<string, Component>>,
): void {
  const origin = { name: 'multical2mqtt', sw_version: '1.2.3' };
  const discovery = meterDiscovery(meter, latest, topicsBelow('base'), origin, TEMPLATES.component);
  const { components } = discovery;
  expect(Object.keys(components)).toEqual(Object.keys(inDeviceForm));
  for (const [key, component] of Object.entries(components)) {
    const payload = JSON.parse(componentPayload(discovery, component));
    const { unique_id, platform } = inDeviceForm[key] ?? {};
    expect(payload).toMatchObject({ unique_id, device: discovery.device, origin });
    expect(payload).not.toHaveProperty('platform');
    const topic = discoveryTopics('ha', meterDeviceId(meter.serialNumber)).component(`${platform}`, key);
    expect(topic).toMatch(
      /^ha\/(sensor|binary_sensor|button|event)\/[a-zA-Z0-9_-]+\/[a-zA-Z0-9_-]+\/config$/,
    );
  }
  for (const { quantity } of latest) expect(quantity).not.toMatch(OF_DICTIONARIES);
  const topics = topicsBelow('base');
  expectRightInDomoticz(discovery, topics.state(meter.serialNumber), stateJson(latest, READ_AT));
}
