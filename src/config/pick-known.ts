import type { ConfigKey, ConfigKeys } from './config-key.ts';
import { flattenKeys, isKey } from './config-key.ts';
import { natureOf } from './describe-value.ts';
import type { Fault } from './fault.ts';
import { nearest } from './nearest.ts';

type Values = Record<string, unknown>;

/** The part of what a file says that fits the keys' structure, and a fault for everything else. Shows no values. */
export function pickKnown(found: unknown, keys: ConfigKeys): { values: Values; faults: readonly Fault[] } {
  const faults: Fault[] = [];
  return { values: pickGroup(found, keys, '', keys, faults), faults };
}

function pickGroup(found: unknown, group: ConfigKeys, at: string, all: ConfigKeys, faults: Fault[]): Values {
  const values: Values = {};
  if (!isObject(found)) {
    faults.push({ path: at, text: `must be an object { ... }, not ${natureOf(found)}` });
    return values;
  }
  for (const [name, value] of Object.entries(found)) {
    const path = at === '' ? name : `${at}.${name}`;
    const node = Object.hasOwn(group, name) ? group[name] : undefined;
    if (node === undefined) faults.push({ path, text: unknownKey(name, group, all) });
    else if (isKey(node)) pickValue(values, name, value, node, path, faults);
    else values[name] = pickGroup(value, node, path, all, faults);
  }
  return values;
}

/** convict would look inside an object that stands where a single value belongs, and stumble. */
function pickValue(
  into: Values,
  name: string,
  value: unknown,
  key: ConfigKey,
  path: string,
  faults: Fault[],
) {
  const text = isObject(value) ? key.kind.fault(value) : null;
  if (text === null) into[name] = isObject(value) ? key.kind.fromObject?.(value) : value;
  else faults.push({ path, text });
}

function unknownKey(name: string, group: ConfigKeys, all: ConfigKeys): string {
  const names = Object.keys(group);
  const close = nearest(name, names);
  if (close !== null) return `unknown key; did you mean "${close}"?`;
  const elsewhere = flattenKeys(all).find(([path]) => path.endsWith(`.${name}`));
  if (elsewhere !== undefined) return `unknown key; did you mean "${elsewhere[0]}"?`;
  return `unknown key; known here: ${names.join(', ')}`;
}

function isObject(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
