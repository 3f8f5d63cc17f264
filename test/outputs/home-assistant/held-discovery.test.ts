import { describe, expect, it } from 'vitest';
import type { Awaited } from '../../../src/meter/publisher.ts';
import { topicsBelow } from '../../../src/mqtt/topics.ts';
import { meterDiscovery } from '../../../src/outputs/home-assistant/devices.ts';
import {
  type Component,
  type DeviceDiscovery,
  discoveryTopics,
  TEMPLATES,
} from '../../../src/outputs/home-assistant/discovery.ts';
import {
  asHeld,
  type HeldDevice,
  heldDevice,
  heldSlug,
} from '../../../src/outputs/home-assistant/held-discovery.ts';
import { componentPayload } from '../../../src/outputs/home-assistant/migration.ts';
import type { Reading } from '../../../src/readings/reading.ts';
import { FEW, HEAT_ENERGY, METER, VOLUME } from '../support/meter-readings.ts';

const TOPICS = discoveryTopics('homeassistant', 'multical2mqtt_6655443');
const ORIGIN = { name: 'multical2mqtt', sw_version: '1' };
const WHOLE = discovery(FEW);

function discovery(
  latest: readonly Reading[],
  held?: HeldDevice,
  awaited?: Awaited,
  base = 'base',
  form: keyof typeof TEMPLATES = 'device',
  name = METER.name,
): DeviceDiscovery {
  const meter = { ...METER, name };
  return meterDiscovery(meter, latest, topicsBelow(base), ORIGIN, TEMPLATES[form], held, awaited);
}

const inOne = (whole: DeviceDiscovery) =>
  heldDevice(new Map([[TOPICS.device, JSON.stringify(whole)]]), TOPICS);
const inSingles = (whole: DeviceDiscovery) =>
  heldDevice(
    new Map(
      Object.entries(whole.components).map(([key, component]) => [
        TOPICS.component(component.platform, key),
        componentPayload(whole, component),
      ]),
    ),
    TOPICS,
  );
/** Of a payload that somebody wrote. */
const written = (components: unknown) =>
  heldDevice(new Map([[TOPICS.device, JSON.stringify({ components })]]), TOPICS);

describe.each([
  ['device', inOne],
  ['component', inSingles],
] as const)('entities held in the form %s', (form, held) => {
  const before = discovery(FEW, undefined, undefined, 'base', form);

  it('are the same payload until the meter was asked for all', () => {
    const again = discovery([HEAT_ENERGY], held(before), 'anything', 'base', form);
    expect(JSON.stringify(again)).toBe(JSON.stringify(before));
  });

  it('go when their values are not awaited', () => {
    const { components } = discovery([HEAT_ENERGY], held(before), new Set(['volume']), 'base', form);
    expect(Object.keys(components)).toContain('volume');
    expect(Object.keys(components)).not.toContain('flow_temperature');
  });

  it('find their state where it is now', () => {
    const other = form === 'device' ? 'component' : 'device';
    const { components } = discovery([HEAT_ENERGY], held(before), 'anything', 'other', other);
    const fresh = discovery(FEW, undefined, undefined, 'other', other);
    expect(components).toEqual(fresh.components);
  });
});

it('the device keeps the model that is known better, until the meter was asked for all', () => {
  const vague = { ...METER, model: null, softwareRevision: null };
  const of = (awaited: Awaited) =>
    meterDiscovery(vague, FEW, topicsBelow('base'), ORIGIN, TEMPLATES.device, inOne(WHOLE), awaited).device;
  expect(of('anything')).toEqual(WHOLE.device);
  expect(of(new Set())).not.toHaveProperty('model');
});

describe('entity ids', () => {
  const ids = ({ components }: DeviceDiscovery) =>
    Object.values(components).map(({ default_entity_id }) => default_entity_id);

  it('stay under the name that the meter had, also those of entities that are new', () => {
    const held = inOne(discovery([HEAT_ENERGY]));
    const renamed = asHeld(discovery(FEW, held, undefined, 'base', 'device', 'Attic'), held);
    expect(renamed.device.name).toBe('Attic');
    expect(ids(renamed)).toEqual(ids(WHOLE));
  });

  it('stay where the rule would give others by now', () => {
    const old = { ...WHOLE.components.volume, default_entity_id: 'sensor.water_of_old' };
    const held = written({ ...WHOLE.components, volume: old });
    const { volume, heat_energy } = asHeld(WHOLE, held).components;
    expect(volume?.default_entity_id).toBe('sensor.water_of_old');
    expect(heat_energy).toEqual(WHOLE.components.heat_energy);
  });

  it.each([
    ['no id', { default_entity_id: 7 }],
    ['an id of another platform', { default_entity_id: 'light.volume' }],
    ['an id that is none', { default_entity_id: 'sensor.a b' }],
    ['the id of another entity', { unique_id: 'other', default_entity_id: 'sensor.other' }],
  ])('are not taken from what somebody wrote there: %s', (_, members) => {
    const held = written({ ...WHOLE.components, volume: { ...WHOLE.components.volume, ...members } });
    expect(asHeld(WHOLE, held).components.volume).toEqual(WHOLE.components.volume);
  });

  it('tell the name that most of them have', () => {
    const with_ = (entries: Readonly<Record<string, string>>) =>
      written(
        Object.fromEntries(
          Object.entries(entries).map(([key, id]) => [
            key,
            { platform: 'sensor', unique_id: key, default_entity_id: id },
          ]),
        ),
      );
    expect(heldSlug(with_({ flow: 'sensor.b_flow', power: 'sensor.a_power', mass: 'sensor.a_mass' }))).toBe(
      'a',
    );
    expect(heldSlug(with_({ flow: 'sensor._flow', power: 'sensor.something' }))).toBeUndefined();
  });
});

it('what is not ours, not whole or no quantity is not kept', () => {
  const volume = WHOLE.components.volume as Component;
  const held = written({
    volume: { ...volume, unique_id: 'of_somebody_else' },
    flow: { platform: 'sensor' },
    power: 'nonsense',
    mass: { ...volume, platform: 'light', unique_id: 'multical2mqtt_6655443_mass' },
    of_old: { ...volume, unique_id: 'multical2mqtt_6655443_of_old' },
  });
  expect(discovery([HEAT_ENERGY], held, 'anything')).toEqual(discovery([HEAT_ENERGY]));
  expect(heldDevice(new Map([[TOPICS.device, 'no JSON']]), TOPICS).components.size).toBe(0);
  expect(discovery([HEAT_ENERGY, VOLUME], inOne(WHOLE), 'anything').components.volume).toEqual(volume);
});
