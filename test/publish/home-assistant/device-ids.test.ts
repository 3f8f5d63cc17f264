import { describe, expect, it } from 'vitest';
import { topicsBelow } from '../../../src/mqtt/topics.ts';
import { bridgeDiscovery } from '../../../src/publish/home-assistant/bridge-discovery.ts';
import {
  bridgeDeviceId,
  discoveryTopicOf,
  meterDeviceId,
} from '../../../src/publish/home-assistant/device-ids.ts';
import { slug } from '../../../src/publish/home-assistant/slug.ts';

const ORIGIN = { name: 'multical2mqtt', sw_version: '1.2.3' };

describe('ids', () => {
  it('are the same for the default base topic for ever', () => {
    expect(bridgeDeviceId('multical2mqtt')).toBe('multical2mqtt_bridge');
    expect(meterDeviceId('6655443')).toBe('multical2mqtt_6655443');
  });

  it('keep bridges with other base topics apart', () => {
    const bases = ['multical2mqtt', 'cellar', 'home/cellar', 'home_cellar', 'Home/cellar', 'кот', 'собака'];
    const ids = bases.map(bridgeDeviceId);
    expect(new Set(ids).size).toBe(bases.length);
    for (const id of ids) expect(id).toMatch(/^[a-z0-9_]+$/);
  });

  it('leave only what a discovery topic may hold', () => {
    expect(discoveryTopicOf('homeassistant', meterDeviceId('66 55/#'))).toBe(
      'homeassistant/device/multical2mqtt_66_55__/config',
    );
  });
});

it.each([
  ['District heating', 'district_heating'],
  ['Fjernvarme – Kælder (øst)', 'fjernvarme_kaelder_ost'],
  ['Wärmemengenzähler Straße', 'warmemengenzahler_strasse'],
  ['  ', ''],
  ['котельная', ''],
])('the slug of %j is %j', (name, expected) => {
  expect(slug(name)).toBe(expected);
});

it('the bridge is a device that says whether it is connected', () => {
  expect(bridgeDiscovery(topicsBelow('multical2mqtt'), ORIGIN)).toEqual({
    device: {
      identifiers: ['multical2mqtt_bridge'],
      name: 'multical2mqtt bridge',
      manufacturer: 'multical2mqtt',
      model: 'Bridge',
      sw_version: '1.2.3',
    },
    origin: ORIGIN,
    components: {
      connectivity: {
        platform: 'binary_sensor',
        unique_id: 'multical2mqtt_bridge_connectivity',
        default_entity_id: 'binary_sensor.multical2mqtt_bridge_connectivity',
        name: 'Connection',
        device_class: 'connectivity',
        entity_category: 'diagnostic',
        state_topic: 'multical2mqtt/bridge/state',
        payload_on: 'online',
        payload_off: 'offline',
      },
    },
  });
  expect(bridgeDiscovery(topicsBelow('cellar'), ORIGIN).device.name).toBe('multical2mqtt bridge cellar');
});
