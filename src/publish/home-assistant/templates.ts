import type { Component } from './device-discovery.ts';
import type { DiscoveryForm } from './discovery-form.ts';

/** How an entity finds its value in a JSON document. None is "unknown" to Home Assistant; a numeric default would spoil its statistics. */
export interface Templates {
  value(key: string): string;
  /** One level deeper. */
  nested(object: string, key: string): string;
  /** A text that may be long or null. */
  text(key: string): string;
  /** True, false or null, for a binary sensor. */
  flag(key: string): Pick<Component, 'value_template' | 'payload_on' | 'payload_off'>;
}

/** For Home Assistant alone: a key that is missing, as in what an older bridge published, is None too. */
const device: Templates = {
  value: (key) => `{{ value_json.get('${key}') }}`,
  nested: (object, key) => `{{ value_json.get('${object}', {}).get('${key}') }}`,
  // A state may have 255 characters. "none" is a text; "None" would be "unknown".
  text: (key) => `{{ (value_json.get('${key}') or 'none')[:255] }}`,
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
  text: (key) => `{{ (value_json.${key} | default('none', true))[:255] }}`,
  flag: (key) => ({
    value_template: `{{ value_json.${key} | string | lower | replace('none', 'None') }}`,
    payload_on: 'true',
    payload_off: 'false',
  }),
};

export const TEMPLATES: Readonly<Record<DiscoveryForm, Templates>> = { device, component };
