import { describe, expect, it } from 'vitest';
import type { InfoTableName } from '../../../src/catalogue/family.ts';
import { ENGLISH } from '../../../src/catalogue/texts/en.ts';
import { topicsBelow } from '../../../src/mqtt/topics.ts';
import { meterDiscovery } from '../../../src/outputs/home-assistant/devices.ts';
import type { Component } from '../../../src/outputs/home-assistant/discovery.ts';
import { infoStage } from '../../../src/readings/info-stage.ts';
import { type Reading, stateJson } from '../../../src/readings/reading.ts';
import { METER, READ_AT, reading } from '../support/meter-readings.ts';

function interpreted(infoTable: InfoTableName, code: bigint, bytes = 4): readonly Reading[] {
  const infoCode = reading({ id: 99, unit: 51, integer: code, bytes });
  return infoStage(() => ENGLISH)(undefined).interpret([infoCode], { kind: null, infoTable });
}

function entities(latest: readonly Reading[]): Readonly<Record<string, Component>> {
  const origin = { name: 'multical2mqtt', sw_version: '1.2.3' };
  return meterDiscovery(METER, latest, topicsBelow('base'), origin).components;
}

/** Keys of the binary sensor platform of MQTT discovery that we use; another one would make the entity fail. */
const KEYS = [
  ...['platform', 'unique_id', 'default_entity_id', 'name', 'state_topic', 'value_template'],
  ...['payload_on', 'payload_off', 'device_class', 'entity_category', 'enabled_by_default'],
];

describe.each<[InfoTableName, number]>([
  ['601', 4],
  ['x3', 4],
  ['water', 2],
  ['water', 4],
])('the problems of a %s with %i bytes', (table, length) => {
  const components = entities(interpreted(table, 0n, length));
  const problems = Object.entries(components).filter(([key]) => key.startsWith('problem_'));

  it.each(problems)('%s is a diagnostic binary sensor of the class problem', (key, each) => {
    expect(each).toMatchObject({
      platform: 'binary_sensor',
      unique_id: `multical2mqtt_6655443_${key}`,
      default_entity_id: `binary_sensor.fjernvarme_kaelder_${key}`,
      state_topic: 'base/6655443/state',
      device_class: 'problem',
      entity_category: 'diagnostic',
      value_template: `{{value_json.get('${key}')}}`,
      payload_on: 'True',
      payload_off: 'False',
    });
    expect(Object.keys(each).filter((name) => !KEYS.includes(name))).toEqual([]);
    expect(each.enabled_by_default).toBe(/_(leakage|burst)$/.test(key) ? undefined : false);
  });

  it('there are some, under names of their own', () => {
    expect(problems.length).toBeGreaterThan(3);
    const names = Object.values(components).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it('are the same entities when something is the matter', () => {
    expect(entities(interpreted(table, 12n, length))).toEqual(components);
  });
});

it('the info is a text, shown as a diagnostic', () => {
  const { info } = entities(interpreted('x3', 0n));
  expect(info).toEqual({
    platform: 'sensor',
    unique_id: 'multical2mqtt_6655443_info',
    default_entity_id: 'sensor.fjernvarme_kaelder_info',
    name: 'Info',
    icon: 'mdi:message-text-outline',
    state_topic: 'base/6655443/state',
    value_template: "{{value_json.get('info')}}",
    entity_category: 'diagnostic',
  });
});

it('the state has what the templates ask for', () => {
  const state = JSON.parse(stateJson(interpreted('601', 4096n), READ_AT));
  expect(state).toMatchObject({
    info: 'air in the flow sensor',
    problem_air: true,
    problem_burst: false,
  });
  expect(JSON.parse(stateJson(interpreted('x3', 8n), READ_AT))).toMatchObject({ problem_air: null });
});
