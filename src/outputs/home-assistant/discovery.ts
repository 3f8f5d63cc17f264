import { createHash } from 'node:crypto';
import type { MeterKind } from '../../catalogue/family.ts';
import type { Language } from '../../catalogue/texts/languages.ts';
import { LONGEST_STATE } from '../../catalogue/texts/texts.ts';

/** The payload of Home Assistant's device-based discovery. The root refuses any other key. */
export interface DeviceDiscovery {
  readonly device: DeviceInfo;
  readonly origin: Origin;
  readonly availability?: readonly Availability[];
  readonly availability_mode?: 'all';
  /** The keys are for ever: another key is another entity. */
  readonly components: Readonly<Record<string, Component>>;
  /** Of single entities only: what the broker did not take in one message. Home Assistant passes over it. */
  readonly refused_bytes?: number;
}

export interface DeviceInfo {
  readonly identifiers: readonly string[];
  readonly name: string;
  readonly manufacturer: string;
  readonly model?: string;
  readonly model_id?: string;
  readonly serial_number?: string;
  readonly sw_version?: string;
  /** Leads to the bridge's page. */
  readonly configuration_url?: string;
  readonly via_device?: string;
}

/** How the bridge and its meters show themselves; it may become known while the bridge runs. */
export interface Appearance {
  /** Of names; ids are English. */
  readonly language: Language;
  /** The address of the bridge's own page. */
  readonly page: string | undefined;
}

export const PLAIN: Appearance = { language: 'en', page: undefined };

export interface Origin {
  readonly name: string;
  readonly sw_version: string;
}

interface Availability {
  readonly topic: string;
}

export interface Component {
  readonly platform: 'sensor' | 'binary_sensor' | 'button' | 'event';
  readonly unique_id: string;
  readonly default_entity_id: string;
  readonly name: string;
  readonly icon?: string;
  readonly state_topic?: string;
  readonly value_template?: string;
  readonly json_attributes_topic?: string;
  readonly json_attributes_template?: string;
  readonly command_topic?: string;
  readonly payload_press?: string;
  readonly event_types?: readonly string[];
  /** Of Home Assistant's subscription; 0 where left out. */
  readonly qos?: 1;
  readonly payload_on?: string;
  readonly payload_off?: string;
  readonly device_class?: string;
  readonly unit_of_measurement?: string;
  readonly state_class?: StateClass;
  readonly suggested_display_precision?: number;
  readonly entity_category?: 'diagnostic';
  /** Left out for true, Home Assistant's default. */
  readonly enabled_by_default?: false;
  readonly availability?: readonly Availability[];
}

export type StateClass = 'measurement' | 'total' | 'total_increasing';

/** Letters that have no accent to take off. */
const LETTERS: Readonly<Record<string, string>> = {
  æ: 'ae',
  ø: 'o',
  ß: 'ss',
  đ: 'd',
  ł: 'l',
  þ: 'th',
  œ: 'oe',
  ð: 'd',
};

/** For entity ids: only a-z, 0-9 and single underscores. Empty when nothing of the text is left. */
export function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[æøßđłþœð]/g, (letter) => LETTERS[letter] ?? '')
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
}

/**
 * The bridge's device id. Two bridges at one broker differ in their base topic; where the slug loses something of it, a
 * hash keeps `a/b` and `a_b` apart.
 */
export function bridgeDeviceId(baseTopic: string): string {
  if (baseTopic === 'multical2mqtt') return 'multical2mqtt_bridge';
  const short = slug(baseTopic);
  const hash = createHash('sha256').update(baseTopic).digest('hex').slice(0, 6);
  return ['multical2mqtt_bridge', short, short === baseTopic ? '' : hash]
    .filter((part) => part !== '')
    .join('_');
}

export function meterDeviceId(serialNumber: string): string {
  return `multical2mqtt_${serialNumber.replace(/[^a-zA-Z0-9_-]/g, '_')}`;
}

/** Home Assistant takes letters, digits, `_` and `-` in the last part but one, and nothing else. */
export function discoveryTopicOf(discoveryPrefix: string, deviceId: string): string {
  return `${discoveryPrefix}/device/${deviceId}/config`;
}

/**
 * Entities are announced to Home Assistant all of a device in one payload, or in one payload each. Domoticz and openHAB
 * read the second form only.
 */
export type DiscoveryForm = 'device' | 'component';

/** The topics that announce one device, in either form. */
export interface DiscoveryTopics {
  /** All of it in one payload. */
  readonly device: string;
  /** A filter for the single ones. Home Assistant's other device topics match it too. */
  readonly anyComponent: string;
  /** Announces one entity, for Home Assistant the same as `key` in the device's payload. */
  component(platform: string, key: string): string;
  /** Tells the topic of one entity from others that match `anyComponent`. */
  isComponent(topic: string): boolean;
  /** Key and platform of the entity that such a topic announces. */
  entityOf(topic: string): readonly [key: string, platform: string];
}

export function discoveryTopics(prefix: string, deviceId: string): DiscoveryTopics {
  const component = (platform: string, key: string) => `${prefix}/${platform}/${deviceId}/${key}/config`;
  return {
    device: discoveryTopicOf(prefix, deviceId),
    anyComponent: component('+', '+'),
    component,
    isComponent: (topic) => !topic.startsWith(`${prefix}/device/`),
    entityOf: (topic) => {
      const [platform = '', , key = ''] = topic.slice(prefix.length + 1).split('/');
      return [key, platform];
    },
  };
}

/**
 * Templates find the value of an entity in a JSON document. None is "unknown" to Home Assistant; a numeric default would
 * spoil its statistics.
 */
export interface Templates {
  value(key: string): string;
  /** One level deeper. */
  nested(object: string, key: string): string;
  /** A text that may be long or null. */
  text(key: string): string;
  /** The first sentence of such a text. */
  sentence(key: string): string;
  /** True, false or null, for a binary sensor. */
  flag(key: string): Pick<Component, 'value_template' | 'payload_on' | 'payload_off'>;
}

/** For Home Assistant alone: a key that is missing, as in what an older bridge published, is None too. */
const device: Templates = {
  value: (key) => `{{value_json.get('${key}')}}`,
  nested: (object, key) => `{{value_json.get('${object}',{}).get('${key}')}}`,
  // "none" is a text; "None" would be "unknown".
  text: (key) => `{{(value_json.get('${key}') or 'none')[:${LONGEST_STATE}]}}`,
  sentence: (key) => `{{(value_json.get('${key}') or 'none').split('. ')[0][:${LONGEST_STATE}]}}`,
  // JSON's true, false and null come out of a template as Python's words.
  flag: (key) => ({ value_template: device.value(key), payload_on: 'True', payload_off: 'False' }),
};

/**
 * For Domoticz too, which does not run Jinja: it takes off braces, quotes and a leading parenthesis, cuts at the first
 * `|`, and understands the path that is left. It compares JSON's own words with the payloads of a binary sensor.
 */
const component: Templates = {
  value: (key) => `{{ value_json.${key} }}`,
  nested: (object, key) => `{{ value_json.${object}.${key} }}`,
  text: (key) => `{{ (value_json.${key} | default('none', true))[:${LONGEST_STATE}] }}`,
  sentence: (key) => `{{ (value_json.${key} | default('none', true)).split('. ')[0][:${LONGEST_STATE}] }}`,
  flag: (key) => ({
    value_template: `{{ value_json.${key} | string | lower | replace('none', 'None') }}`,
    payload_on: 'true',
    payload_off: 'false',
  }),
};

export const TEMPLATES: Readonly<Record<DiscoveryForm, Templates>> = { device, component };

/** All that the entities of one meter have in common. */
export interface EntityNaming {
  readonly deviceId: string;
  /** The meter's, as people read it. */
  readonly name: string;
  /** The meter's name as it stands in entity ids. */
  readonly slug: string;
  readonly stateTopic: string;
  readonly templates: Templates;
  /** Null where it cannot be told. */
  readonly kind: MeterKind | null;
  /** Of names; ids are English. */
  readonly language: Language;
}
