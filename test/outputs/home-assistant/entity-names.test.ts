import { describe, expect, it } from 'vitest';
import { QUANTITY_NAMES } from '../../../src/catalogue/quantities.ts';
import { KNOWN_REGISTER_IDS } from '../../../src/catalogue/registers.ts';
import { LANGUAGES, type Language } from '../../../src/catalogue/texts/languages.ts';
import { topicsBelow } from '../../../src/mqtt/topics.ts';
import { meterDiscovery } from '../../../src/outputs/home-assistant/devices.ts';
import { type Component, discoveryTopics, TEMPLATES } from '../../../src/outputs/home-assistant/discovery.ts';
import { asHeld, heldDevice } from '../../../src/outputs/home-assistant/held-discovery.ts';
import { METER, reading } from '../support/meter-readings.ts';

const ALL = KNOWN_REGISTER_IDS.map((id) => reading({ id, unit: 51, integer: 1n }));
const ORIGIN = { name: 'multical2mqtt', sw_version: '1' };
const TOPICS = discoveryTopics('homeassistant', 'multical2mqtt_6655443');

function announced(name: string, held?: ReadonlyMap<string, string>, language: Language = 'en') {
  const device = held && heldDevice(held, TOPICS);
  const meter = { ...METER, name };
  const whole = meterDiscovery(meter, ALL, topicsBelow('base'), ORIGIN, TEMPLATES.device, device, undefined, {
    language,
    page: undefined,
  });
  return device === undefined ? whole : asHeld(whole, device);
}

/** As Home Assistant shows it, which puts the device's name first, and under which id it is made. */
function shown(name: string, key: string): readonly [text: string, id: string] {
  const { [key]: component } = announced(name).components;
  return [`${name} ${component?.name}`, component?.default_entity_id ?? ''];
}

describe('names and ids of entities', () => {
  it.each([
    ['Heat', 'heat_energy', 'Heat Energy', 'sensor.heat_energy'],
    ['Heat', 'volume', 'Heat Volume', 'sensor.heat_volume'],
    ['Heat', 'cooling_energy', 'Heat Cooling energy', 'sensor.heat_cooling_energy'],
    // The register of the other families is called so, and one meter may have both.
    ['heat', 'energy_high_resolution', 'heat Energy, high resolution', 'sensor.heat_energy_high_resolution'],
    [
      'heat',
      'heat_energy_high_resolution',
      'heat Heat energy, high resolution',
      'sensor.heat_heat_energy_high_resolution',
    ],
    ['District heat', 'heat_energy', 'District heat Energy', 'sensor.district_heat_energy'],
    ['Heat meter', 'heat_energy', 'Heat meter Heat energy', 'sensor.heat_meter_heat_energy'],
    ['Fjernvarme', 'heat_energy', 'Fjernvarme Heat energy', 'sensor.fjernvarme_heat_energy'],
    ['Wärme', 'heat_energy', 'Wärme Heat energy', 'sensor.warme_heat_energy'],
    ['Water', 'volume', 'Water Volume', 'sensor.water_volume'],
    ['Water', 'water_temperature', 'Water Temperature', 'sensor.water_temperature'],
    ['Cooling', 'cooling_energy', 'Cooling Energy', 'sensor.cooling_energy'],
    ['Flow', 'flow', 'Flow Flow', 'sensor.flow_flow'],
    ['Reheat', 'heat_energy', 'Reheat Heat energy', 'sensor.reheat_heat_energy'],
    ['热量', 'heat_energy', '热量 Heat energy', 'sensor.multical2mqtt_6655443_heat_energy'],
  ])('a meter called %j: its %s is %j, %s', (name, key, text, id) => {
    expect(shown(name, key)).toEqual([text, id]);
  });

  it.each([
    'Heat',
    'Heat meter',
    'Water',
    ...new Set(QUANTITY_NAMES.map((each) => each.split('_')[0] ?? '')),
  ])('a meter called %j has no two entities of one name or id', (name) => {
    const components = Object.values(announced(name).components);
    for (const property of ['unique_id', 'default_entity_id', 'name'] as const) {
      const values = components.map((each) => each[property].toLowerCase());
      expect(values.filter((value, at) => values.indexOf(value) !== at)).toEqual([]);
    }
  });

  it('what is announced keeps its ids, under whatever rule and name they were made', () => {
    const { components, ...root } = announced('Heat');
    const asBefore = Object.entries(components).map(([key, each]): [string, Component] => [
      key,
      { ...each, default_entity_id: `${each.platform}.heat_${key}` },
    ]);
    const before = { ...root, components: Object.fromEntries(asBefore) };
    const held = new Map([[TOPICS.device, JSON.stringify(before)]]);
    const now = announced('House', held);
    for (const [key, { unique_id, default_entity_id }] of Object.entries(now.components))
      expect([unique_id, default_entity_id]).toEqual([
        components[key]?.unique_id,
        before.components[key]?.default_entity_id,
      ]);
  });

  it.each(LANGUAGES)('in %s only the names differ, and each has one of its own', (language) => {
    const english = Object.entries(announced('House').components);
    const { components } = announced('House', undefined, language);
    for (const [key, { name: _, ...each }] of english) {
      const { name, ...same } = components[key] ?? {};
      expect(same).toEqual(each);
    }
    const names = Object.values(components).map(({ name }) => name);
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
    const asInEnglish = english.filter(([key, { name }]) => components[key]?.name === name);
    // Words that are the same in both, such as Info.
    if (language !== 'en') expect(asInEnglish.length).toBeLessThan(english.length / 10);
  });

  it('in Danish a name is Danish, and its id English', () => {
    const { power, connectivity, read_now } = announced('Hus', undefined, 'da').components;
    expect([power?.name, power?.default_entity_id]).toEqual(['Effekt', 'sensor.hus_power']);
    expect([connectivity?.name, connectivity?.default_entity_id]).toEqual([
      'Forbindelse',
      'binary_sensor.hus_connectivity',
    ]);
    expect(read_now?.name).toBe('Aflæs nu');
  });
});
