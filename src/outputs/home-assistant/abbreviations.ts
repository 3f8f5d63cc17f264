import { type Fields, fieldsOf, isObject, jsonObject } from '../../shared/stored.ts';
import type { Component, DeviceDiscovery } from './discovery.ts';

type Names = Readonly<Record<string, string>>;

// biome-ignore format: a table reads best in rows
/** Long name -> the short one that Home Assistant takes in its place (mqtt/abbreviations.py). */
const OPTIONS: Names = {
  device: 'dev', origin: 'o', components: 'cmps', availability: 'avty', availability_mode: 'avty_mode', topic: 't',
  platform: 'p', unique_id: 'uniq_id', default_entity_id: 'def_ent_id', state_topic: 'stat_t', value_template: 'val_tpl',
  command_topic: 'cmd_t', payload_press: 'pl_prs', event_types: 'evt_typ', payload_on: 'pl_on', payload_off: 'pl_off', device_class: 'dev_cla',
  unit_of_measurement: 'unit_of_meas', state_class: 'stat_cla', suggested_display_precision: 'sug_dsp_prc',
  entity_category: 'ent_cat', enabled_by_default: 'en', json_attributes_topic: 'json_attr_t',
  json_attributes_template: 'json_attr_tpl', icon: 'ic',
};

// biome-ignore format: a table reads best in rows
const OF_DEVICE: Names = {
  identifiers: 'ids', manufacturer: 'mf', model: 'mdl', model_id: 'mdl_id', serial_number: 'sn', sw_version: 'sw', configuration_url: 'cu',
};

const OF_ORIGIN: Names = { sw_version: 'sw' };

/** Of a component that is to go. */
type Removed = Pick<Component, 'platform'>;

/**
 * A device's payload, as short as Home Assistant takes it: brokers have limits. The topic that most entities find their
 * values at stands at the root, from where they inherit it.
 */
export function devicePayload(
  discovery: DeviceDiscovery,
  removed: Readonly<Record<string, Removed>> = {},
): string {
  const { device, origin, components, ...shared } = discovery;
  const stateTopic = commonStateTopic(Object.values(components));
  const all = Object.entries({ ...components, ...removed }).map(([key, { ...component }]) => {
    if ('state_topic' in component && component.state_topic === stateTopic) delete component.state_topic;
    return [key, shortOptions(component)];
  });
  return JSON.stringify({
    ...shortOptions({ device: renamed(device, OF_DEVICE), origin: renamed(origin, OF_ORIGIN), ...shared }),
    ...(stateTopic !== undefined && shortOptions({ state_topic: stateTopic })),
    ...shortOptions({ components: Object.fromEntries(all) }),
  });
}

/** The content of a payload of either form in long names, whatever names and root it was written with. */
export function readDiscovery(payload: string): Fields {
  const { device, origin, components, ...content } = longOptions(jsonObject(payload));
  const { state_topic: shared } = content;
  const inheriting = Object.entries(fieldsOf(components)).map(([key, each]): [string, unknown] => {
    const component = longOptions(fieldsOf(each));
    // With nothing but its platform it is to go, and a button has no state.
    const inherits = isState(component.platform) && Object.keys(component).length > 1;
    return [key, { ...(inherits && shared !== undefined && { state_topic: shared }), ...component }];
  });
  return {
    ...content,
    ...(isObject(device) && { device: renamed(device, inverse(OF_DEVICE)) }),
    ...(isObject(origin) && { origin: renamed(origin, inverse(OF_ORIGIN)) }),
    ...(isObject(components) && { components: Object.fromEntries(inheriting) }),
  };
}

function isState(platform: unknown): boolean {
  return platform === 'sensor' || platform === 'binary_sensor';
}

/** Undefined where none is that of several. */
function commonStateTopic(components: readonly Component[]): string | undefined {
  const counts = new Map<string, number>();
  for (const { state_topic: topic } of components)
    if (topic !== undefined) counts.set(topic, (counts.get(topic) ?? 0) + 1);
  const [topic, count = 0] = Array.from(counts).sort(([, a], [, b]) => b - a)[0] ?? [];
  return count > 1 ? topic : undefined;
}

function shortOptions(options: object): Fields {
  return withAvailability(renamed(options, OPTIONS), 'avty', OPTIONS);
}

function longOptions(options: object): Fields {
  return withAvailability(renamed(options, inverse(OPTIONS)), 'availability', inverse(OPTIONS));
}

function withAvailability(options: Fields, key: string, names: Names): Fields {
  const entries = options[key];
  if (!Array.isArray(entries)) return options;
  return { ...options, [key]: entries.map((entry) => (isObject(entry) ? renamed(entry, names) : entry)) };
}

function renamed(options: object, names: Names): Fields {
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [names[name] ?? name, value]));
}

function inverse(names: Names): Names {
  return Object.fromEntries(Object.entries(names).map(([long, short]) => [short, long]));
}
