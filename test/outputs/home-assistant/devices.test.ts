import { describe, expect, it } from 'vitest';
import { KNOWN_REGISTER_IDS } from '../../../src/catalogue/registers.ts';
import { topicsBelow } from '../../../src/mqtt/topics.ts';
import { bridgeDiscovery, meterDiscovery } from '../../../src/outputs/home-assistant/devices.ts';
import {
  bridgeDeviceId,
  type Component,
  type DeviceDiscovery,
  discoveryTopicOf,
  meterDeviceId,
  slug,
} from '../../../src/outputs/home-assistant/discovery.ts';
import { type Reading, toReading } from '../../../src/readings/reading.ts';
import { POSTED_REGISTERS } from '../../fixtures/readout-vectors.ts';
import { FEW, METER, READ_AT, reading } from '../support/meter-readings.ts';
import { expectAccepted } from './support/expect-accepted.ts';
import { FACTS } from './support/facts.ts';

describe('device ids', () => {
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
          name: 'Connectivity',
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
});

describe('meter discovery', () => {
  const TOPICS = topicsBelow('base');
  const ORIGIN = { name: 'multical2mqtt', sw_version: '1.2.3' };

  function discover(latest: readonly Reading[], meter = METER): DeviceDiscovery {
    return JSON.parse(JSON.stringify(meterDiscovery(meter, latest, TOPICS, ORIGIN)));
  }

  function component(latest: Reading, meter = METER): Component {
    const found = discover([latest], meter).components[latest.quantity];
    if (found === undefined) throw new Error(`no component for ${latest.quantity}`);
    return found;
  }

  describe('every entity is one that Home Assistant accepts', () => {
    it.each(Array.from({ length: 91 }, (_, unit) => unit))('with every register, in unit %i', (unit) => {
      const latest = [...KNOWN_REGISTER_IDS, 9_999].map((id) =>
        reading({ id, unit, integer: 1_234n, bytes: 4, signExponent: 0x42 }),
      );
      const { components } = discover(latest);
      const ofTheBridge = Object.keys(discover([]).components);
      expect(Object.keys(components).length).toBe(latest.length + ofTheBridge.length);
      for (const [key, each] of Object.entries(components)) expectAccepted(`${key} in unit ${unit}`, each);
    });

    it.each(
      Array.from({ length: 91 }, (_, unit) => unit),
    )('in unit %i is shown at once only with a class', (unit) => {
      const latest = KNOWN_REGISTER_IDS.map((id) => reading({ id, unit, integer: 1_234n, bytes: 4 }));
      for (const kind of ['heat', 'water', 'electricity'] as const) {
        const { components } = discover(latest, { ...METER, kind });
        for (const { quantity } of latest) {
          const { device_class, unit_of_measurement, enabled_by_default } = components[quantity] ?? {};
          if (unit_of_measurement !== undefined && device_class === undefined)
            expect(enabled_by_default, `${quantity} in ${unit_of_measurement}`).toBe(false);
        }
      }
    });

    it('with what owners posted of their meters', () => {
      for (const { record, model } of POSTED_REGISTERS) {
        const given = toReading(record, READ_AT);
        expectAccepted(`${model} ${given.quantity}`, component(given));
      }
    });

    it('has nothing at the root that Home Assistant would refuse the payload for', () => {
      const { device, ...root } = discover(FEW);
      expect(Object.keys(root).sort()).toEqual(['availability', 'availability_mode', 'components', 'origin']);
      expect(device).toEqual({
        identifiers: ['multical2mqtt_6655443'],
        name: 'Fjernvarme Kælder',
        manufacturer: 'Kamstrup',
        model: 'MULTICAL 403',
        serial_number: '6655443',
        sw_version: 'C1',
        via_device: 'multical2mqtt_bridge_base',
      });
      expect(root.availability).toEqual([
        { topic: 'base/bridge/state' },
        { topic: 'base/6655443/availability' },
      ]);
      expect(root.availability_mode).toBe('all');
    });

    it('says how the model was recognised beside the connection, not in its name', () => {
      const model = { ...METER.model, name: 'MULTICAL 403', certainty: 'likely', why: 'by its registers' };
      const { device, components } = discover(FEW, { ...METER, model: model as typeof METER.model });
      expect(device.model).toBe('MULTICAL 403');
      expect(components.connectivity?.json_attributes_template).toBe(
        `{{{'last_successful_reading':value_json.get('last_successful_reading'),'model_recognised':"by its registers"}|to_json}}`,
      );
    });

    it('says nothing of a model and a revision that it does not know', () => {
      const { device } = discover(FEW, { ...METER, model: null, softwareRevision: null });
      expect(device).not.toHaveProperty('model');
      expect(device).not.toHaveProperty('sw_version');
    });

    it('gives each entity its own key, id and name, of the right form', () => {
      const { components } = discover(KNOWN_REGISTER_IDS.map((id) => reading({ id, unit: 51, integer: 1n })));
      for (const property of ['unique_id', 'default_entity_id', 'name'] as const) {
        const values = Object.values(components).map((each) => each[property]);
        expect(new Set(values).size, property).toBe(values.length);
      }
      for (const [key, each] of Object.entries(components)) {
        expect(each.unique_id).toBe(`multical2mqtt_6655443_${key}`);
        expect(each.default_entity_id).toBe(`${each.platform}.fjernvarme_kaelder_${key}`);
        expect(each.default_entity_id).toMatch(/^[a-z_]+\.[a-z0-9_]+$/);
      }
    });
  });

  describe('what the entities are', () => {
    it('heat energy is a total for the Energy dashboard', () => {
      for (const [unit, text] of [
        [8, 'GJ'],
        [2, 'kWh'],
        [3, 'MWh'],
        [12, 'Gcal'],
      ] as const) {
        const energy = component(reading({ id: 60, unit, integer: 227_445n, signExponent: 0x43 }));
        expect(energy).toEqual({
          platform: 'sensor',
          unique_id: 'multical2mqtt_6655443_heat_energy',
          default_entity_id: 'sensor.fjernvarme_kaelder_heat_energy',
          name: 'Heat energy',
          icon: 'mdi:fire',
          state_topic: 'base/6655443/state',
          value_template: "{{value_json.get('heat_energy')}}",
          device_class: 'energy',
          unit_of_measurement: text,
          state_class: 'total',
          suggested_display_precision: 3,
        });
        expect(FACTS.energy_dashboard.gas.energy).toContain(text);
      }
    });

    it.each([
      [63, 8, { device_class: 'energy', state_class: 'total' }],
      [68, 40, { device_class: 'volume', unit_of_measurement: 'm³', state_class: 'total' }],
      [68, 39, { device_class: 'volume', unit_of_measurement: 'L', state_class: 'total' }],
      [1, 2, { device_class: 'energy', state_class: 'total', unit_of_measurement: 'kWh' }],
      [74, 41, { device_class: 'volume_flow_rate', unit_of_measurement: 'L/h', state_class: 'measurement' }],
      [74, 42, { device_class: 'volume_flow_rate', unit_of_measurement: 'm³/h', state_class: 'measurement' }],
      [80, 22, { device_class: 'power', unit_of_measurement: 'kW', state_class: 'measurement' }],
      [86, 37, { device_class: 'temperature', unit_of_measurement: '°C', state_class: 'measurement' }],
      [89, 38, { device_class: 'temperature_delta', unit_of_measurement: 'K', state_class: 'measurement' }],
      [1004, 46, { device_class: 'duration', state_class: 'total', entity_category: 'diagnostic' }],
    ])('register %i in unit %i is shown at once', (id, unit, expected) => {
      const shown = component(reading({ id, unit, integer: 1n, bytes: 4 }));
      expect(shown).toMatchObject(expected);
      expect(shown).not.toHaveProperty('enabled_by_default');
    });

    it.each([
      ['E8 has no class at Home Assistant', 97, 43, { unit_of_measurement: 'm³·°C', state_class: 'total' }],
      ['nor has mass', 72, 44, { unit_of_measurement: 't', state_class: 'total' }],
      ['heat energy in tens of GJ', 60, 57, { unit_of_measurement: 'GJ x10', state_class: 'total' }],
      ['heat energy in a unit that is not public', 60, 75, {}],
      ['nor have tens of GJ', 64, 57, { unit_of_measurement: 'GJ x10', state_class: 'total' }],
      ['a pulse input may be set back', 84, 40, { device_class: 'volume', state_class: 'total_increasing' }],
      ['a control energy', 61, 8, { device_class: 'energy', state_class: 'total' }],
      ['a pressure', 91, 52, { device_class: 'pressure', unit_of_measurement: 'bar' }],
      ['hours with errors', 175, 46, { device_class: 'duration', entity_category: 'diagnostic' }],
      ['a counter of events', 113, 51, { state_class: 'total', entity_category: 'diagnostic' }],
      ['the date of a peak', 127, 48, { device_class: 'date' }],
      ['the info code, which stands in words beside it', 99, 51, { entity_category: 'diagnostic' }],
      ['so do its bits', 369, 59, { entity_category: 'diagnostic' }],
      ['a setting', 259, 42, { device_class: 'volume_flow_rate', entity_category: 'diagnostic' }],
      ['the meter’s clock, which knows no zone', 1002, 47, { entity_category: 'diagnostic' }],
    ])('disabled at first: %s', (_case, id, unit, expected) => {
      const shown = component(reading({ id, unit, integer: 0n, bytes: 4 }));
      expect(shown).toMatchObject({ ...expected, enabled_by_default: false });
    });

    it('the volume of a water meter is water, that of a heat meter never', () => {
      const volume = reading({ id: 68, unit: 40, integer: 1n });
      const classes = (['water', 'heat', 'electricity', null] as const).map(
        (kind) => component(volume, { ...METER, kind }).device_class,
      );
      expect(classes).toEqual(['water', 'volume', 'volume', 'volume']);
    });

    it('what flowed back through a water meter is not water that was used', () => {
      const reverse = component(reading({ id: 243, unit: 40, integer: 1n }), { ...METER, kind: 'water' });
      expect(reverse).toMatchObject({ device_class: 'volume', state_class: 'total' });
    });

    it('the kelvins inside of a meter are a temperature, and a power factor is one', () => {
      const inside = component(reading({ id: 1079, unit: 38, integer: 315n }));
      expect(inside).toMatchObject({ device_class: 'temperature', unit_of_measurement: 'K' });
      const factor = component(reading({ id: 1170, unit: 51, integer: 98n, signExponent: 0x42 }));
      expect(factor).toMatchObject({ device_class: 'power_factor', state_class: 'measurement' });
    });

    it('a register that wraps has neither class nor statistics', () => {
      const shown = component(reading({ id: 266, unit: 1, integer: 1n }));
      expect(shown).not.toHaveProperty('device_class');
      expect(shown).not.toHaveProperty('state_class');
      expect(shown).toMatchObject({ unit_of_measurement: 'Wh', enabled_by_default: false });
    });

    it('a peak is a measurement, for whoever enables it', () => {
      const shown = component(reading({ id: 128, unit: 22, integer: 1n }));
      expect(shown).toMatchObject({
        device_class: 'power',
        state_class: 'measurement',
        enabled_by_default: false,
      });
    });

    it.each([89, 400])('register %i is a difference also where the meter says °C', (id) => {
      expect(component(reading({ id, unit: 37, integer: 1n }))).toMatchObject({
        device_class: 'temperature_delta',
        unit_of_measurement: '°C',
      });
    });

    it.each([
      [1001, 51],
      [99, 51],
      [369, 59],
      [153, 51],
    ])('register %i is not grouped in thousands: no precision makes it a number', (id, unit) => {
      const shown = component(reading({ id, unit, integer: 123_456_789n }));
      expect(shown).not.toHaveProperty('suggested_display_precision');
      expect(shown).not.toHaveProperty('unit_of_measurement');
    });

    it('a date and time is text, because the meter knows no zone', () => {
      const shown = component(reading({ id: 348, unit: 79, integer: 0x3c_1a_04_15_0c_07_1en, bytes: 7 }));
      expect(shown).not.toHaveProperty('device_class');
    });

    it('what is null now is an entity all the same', () => {
      expect(component(reading({ id: 123, unit: 48, integer: 0n, bytes: 4 }))).toMatchObject({
        device_class: 'date',
      });
      expect(component(reading({ id: 157, unit: 54, integer: 1n, bytes: 1 })).platform).toBe('sensor');
    });
  });

  describe('what the bridge knows of the meter', () => {
    const { components } = discover(FEW);

    it.each([
      'last_successful_reading',
      'failed_readings',
      'last_error',
      'connectivity',
      'wake_ups',
      'transactions',
      'checksum_errors',
      'read_now',
    ])('%s is there while the meter is silent', (key) => {
      expect(components[key]?.availability).toEqual([{ topic: 'base/bridge/state' }]);
    });

    it('is a time stamp, a text, a connection and a button', () => {
      expect(components.last_successful_reading).toMatchObject({
        device_class: 'timestamp',
        state_topic: 'base/6655443/diagnostics',
        entity_category: 'diagnostic',
      });
      expect(components.last_error?.value_template).toBe(
        "{{(value_json.get('last_error') or 'none').split('. ')[0][:255]}}",
      );
      expect(components.connectivity).toMatchObject({
        platform: 'binary_sensor',
        device_class: 'connectivity',
        state_topic: 'base/6655443/availability',
        payload_on: 'online',
        payload_off: 'offline',
      });
      expect(components.read_now).toMatchObject({
        platform: 'button',
        command_topic: 'base/6655443/read',
        payload_press: 'READ',
      });
    });

    it.each(['wake_ups', 'transactions', 'checksum_errors'])('%s is disabled at first', (key) => {
      expect(components[key]).toMatchObject({ enabled_by_default: false, entity_category: 'diagnostic' });
    });

    it('is what the battery was asked for, of today and of the week; a little of it is shown at first', () => {
      const battery = Object.entries(components).filter(([key]) => /_(today|last_7_days|ratio)$/.test(key));
      expect(battery).toHaveLength(12);
      for (const [, { platform, entity_category }] of battery)
        expect([platform, entity_category]).toEqual(['sensor', 'diagnostic']);
      const shown = battery.filter(([, { enabled_by_default }]) => enabled_by_default !== false);
      expect(shown.map(([key]) => key).sort()).toEqual(['battery_ratio', 'readings_today']);
      expect(components.readings_today).toMatchObject({
        value_template: "{{value_json.get('today',{}).get('readings')}}",
        state_class: 'total_increasing',
      });
      expect(components.seconds_awake_last_7_days).toMatchObject({
        value_template: "{{value_json.get('last_7_days',{}).get('seconds_awake')}}",
        state_class: 'measurement',
        device_class: 'duration',
        unit_of_measurement: 's',
      });
    });
  });
});
