import { describe, expect, it } from 'vitest';
import { topicsBelow } from '../../../src/mqtt/topics.ts';
import { devicePayload } from '../../../src/outputs/home-assistant/abbreviations.ts';
import { meterDiscovery } from '../../../src/outputs/home-assistant/devices.ts';
import {
  type Component,
  type DeviceDiscovery,
  type DiscoveryForm,
  discoveryTopics,
  TEMPLATES,
} from '../../../src/outputs/home-assistant/discovery.ts';
import { componentPayload, nextPayload } from '../../../src/outputs/home-assistant/migration.ts';
import { diagnosticsJson } from '../../../src/outputs/mqtt/diagnostics.ts';
import { stateJson } from '../../../src/readings/reading.ts';
import { safe } from '../../support/safe-text.ts';
import { DIAGNOSTICS, FEW, METER, READ_AT } from '../support/meter-readings.ts';
import { domoticzValue } from './support/domoticz-template.ts';

describe('component form', () => {
  const TOPICS = topicsBelow('base');

  function discover(form: DiscoveryForm, latest = FEW): DeviceDiscovery {
    const origin = { name: 'multical2mqtt', sw_version: '1.2.3' };
    return meterDiscovery(METER, latest, TOPICS, origin, TEMPLATES[form]);
  }

  function component(key: string): Component {
    const found = discover('component').components[key];
    if (found === undefined) throw new Error(`no component ${key}`);
    return found;
  }

  describe('one entity in a payload of its own', () => {
    const device = {
      identifiers: ['multical2mqtt_6655443'],
      name: 'Fjernvarme Kælder',
      manufacturer: 'Kamstrup',
      serial_number: '6655443',
      model: 'MULTICAL 403',
      sw_version: 'C1',
      via_device: 'multical2mqtt_bridge_base',
    };
    const origin = { name: 'multical2mqtt', sw_version: '1.2.3' };

    it('is at a topic of which Home Assistant makes the same identity as of the device’s', () => {
      const topics = discoveryTopics('ha', 'multical2mqtt_6655443');
      expect(topics.device).toBe('ha/device/multical2mqtt_6655443/config');
      expect(topics.component('sensor', 'flow')).toBe('ha/sensor/multical2mqtt_6655443/flow/config');
      expect(topics.anyComponent).toBe('ha/+/multical2mqtt_6655443/+/config');
      expect(topics.isComponent(topics.component('sensor', 'flow'))).toBe(true);
      expect(topics.isComponent('ha/device/multical2mqtt_6655443/flow/config')).toBe(false);
    });

    it('has all that the device’s payload has at its root', () => {
      expect(JSON.parse(componentPayload(discover('component'), component('heat_energy')))).toEqual({
        availability: [{ topic: 'base/bridge/state' }, { topic: 'base/6655443/availability' }],
        availability_mode: 'all',
        unique_id: 'multical2mqtt_6655443_heat_energy',
        default_entity_id: 'sensor.fjernvarme_kaelder_heat_energy',
        name: 'Heat energy',
        state_topic: 'base/6655443/state',
        value_template: '{{ value_json.heat_energy }}',
        device_class: 'energy',
        unit_of_measurement: 'GJ',
        state_class: 'total',
        suggested_display_precision: 3,
        device,
        origin,
      });
    });

    it('keeps an availability of its own', () => {
      expect(JSON.parse(componentPayload(discover('component'), component('read_now')))).toEqual({
        availability: [{ topic: 'base/bridge/state' }],
        availability_mode: 'all',
        unique_id: 'multical2mqtt_6655443_read_now',
        default_entity_id: 'button.fjernvarme_kaelder_read_now',
        name: 'Read now',
        command_topic: 'base/6655443/read',
        payload_press: 'READ',
        device,
        origin,
      });
    });

    it('differs from the device’s in the templates and by icons alone', () => {
      const plain = ({ components }: DeviceDiscovery) =>
        Object.entries(components).map(
          ([key, { value_template, payload_on, payload_off, icon, ...rest }]) => [key, rest],
        );
      expect(plain(discover('component'))).toEqual(plain(discover('device')));
    });
  });

  describe('templates that Domoticz reads too', () => {
    const { value, nested, text, flag } = TEMPLATES.component;

    it('are Jinja, and a path once Domoticz has stripped them', () => {
      expect(value('flow')).toBe('{{ value_json.flow }}');
      expect(nested('today', 'bytes')).toBe('{{ value_json.today.bytes }}');
      expect(text('last_error')).toBe("{{ (value_json.last_error | default('none', true))[:255] }}");
      expect(flag('problem_air')).toEqual({
        value_template: "{{ value_json.problem_air | string | lower | replace('none', 'None') }}",
        payload_on: 'true',
        payload_off: 'false',
      });
    });

    it('find the values of the state and of the diagnostics', () => {
      const state = stateJson(FEW, READ_AT);
      const diagnostics = diagnosticsJson({ ...DIAGNOSTICS, lastError: safe('no answer') });
      const shown = (key: string, json: string) => domoticzValue(component(key).value_template ?? '', json);
      expect(shown('heat_energy', state)).toBe('227.445');
      expect(shown('failed_readings', diagnostics)).toBe('2');
      expect(shown('readings_today', diagnostics)).toBe('9');
      expect(shown('bytes_last_7_days', diagnostics)).toBe('19000');
      expect(shown('last_error', diagnostics)).toBe('no answer');
      expect(shown('last_error', diagnosticsJson(DIAGNOSTICS))).toBe('');
      expect(domoticzValue(flag('a').value_template ?? '', '{"a":true}')).toBe(flag('a').payload_on);
      expect(domoticzValue(flag('a').value_template ?? '', '{"a":false}')).toBe(flag('a').payload_off);
      expect(domoticzValue(flag('a').value_template ?? '', '{"a":null}')).toBe('');
    });

    it('are no use in the form that is for Home Assistant alone', () => {
      expect(domoticzValue(TEMPLATES.device.value('a'), '{"a":1}')).toBe('');
    });
  });
});

describe('next payload', () => {
  const WANTED: DeviceDiscovery = {
    device: { identifiers: ['x'], name: 'x', manufacturer: 'x' },
    origin: { name: 'x', sw_version: '1' },
    components: {},
  };

  it.each([
    ['a platform that is no text', '{"components":{"x":{"a":1,"platform":[[1]]}}}'],
    ['a very deep one', `{"components":{"x":{"a":1,"platform":${'['.repeat(20_000)}${']'.repeat(20_000)}}}}`],
    ['components that are no objects', '{"components":{"x":7}}'],
    ['no JSON', '{'],
  ])('whatever the broker holds, such as %s, ours is published', (_, held) => {
    expect(nextPayload(held, WANTED)).toBe(devicePayload(WANTED));
  });
});
