import convict from 'convict';
import { isObject } from '../shared/stored.ts';
import { type Fault, natureOf } from './fault.ts';
import { flattenKeys, type Infer, isKey, type Key, type Keys, type Written } from './key.ts';
import { nearest } from './suggest.ts';

type Values = Record<string, unknown>;

// A format of our own with an idle `coerce`: convict's make 1 of "1.5" and true of "abc", and its errors show values.
convict.addFormat({
  name: 'checked',
  coerce: (value: unknown) => value,
  validate: (value: unknown, node) => (node.check as (value: unknown) => void)(value),
});

/**
 * Defaults, then each layer over the one before, and what is wrong with the outcome. The layers must hold known keys
 * only. What is `written` is to be trusted only where there is no fault. `directory`: where relative paths start.
 */
export function applyKeys<K extends Keys>(
  keys: K,
  layers: readonly object[],
  directory: string,
): { written: Written<K>; faults: readonly Fault[] } {
  const faults: Fault[] = [];
  const check = (path: string, { validator }: Key, value: unknown): void => {
    const text = validator.fault(value, directory);
    if (text !== null) faults.push({ path, text, entry: validator.entryAt?.(value) });
  };
  // Without `args` convict would read our own command line, without `env` the real environment.
  const instance = convict(schemaOf(keys, check) as convict.Schema<Values>, { args: [], env: {} });
  for (const layer of layers) instance.load(layer);
  instance.validate({ allowed: 'strict' });
  return { written: instance.getProperties() as Written<K>, faults };
}

function schemaOf(keys: Keys, check: (path: string, key: Key, value: unknown) => void, prefix = ''): object {
  return Object.fromEntries(
    Object.entries(keys).map(([name, node]) => {
      const path = `${prefix}${name}`;
      if (!isKey(node)) return [name, schemaOf(node, check, `${path}.`)];
      const checkHere = (value: unknown): void => check(path, node, value);
      return [name, { default: node.default, format: 'checked', check: checkHere }];
    }),
  );
}

/** Values without a fault as the program wants them. */
export function parseValues<K extends Keys>(keys: K, written: Written<K>): Infer<K> {
  const parse = ({ validator }: Key, value: unknown) =>
    validator.parse === undefined ? value : validator.parse(value);
  return mapValues(keys, written as Values, parse) as Infer<K>;
}

/** Each value by its key. */
export function mapValues(keys: Keys, values: Values, change: (key: Key, value: unknown) => unknown): Values {
  return Object.fromEntries(
    Object.entries(keys).map(([name, node]) => {
      const value = values[name];
      return [name, isKey(node) ? change(node, value) : mapValues(node, value as Values, change)];
    }),
  );
}

/** The part of what a file says that fits the keys' structure, and a fault for everything else. Shows no values. */
export function pickKnown(
  found: unknown,
  keys: Keys,
  directory: string,
): { values: Values; faults: readonly Fault[] } {
  const faults: Fault[] = [];
  const pickGroup = (found: unknown, group: Keys, at: string): Values => {
    const values: Values = {};
    if (!isObject(found)) {
      faults.push({ path: at, text: `must be an object { ... }, not ${natureOf(found)}` });
      return values;
    }
    for (const [name, value] of Object.entries(found)) {
      const path = at === '' ? name : `${at}.${name}`;
      const node = Object.hasOwn(group, name) ? group[name] : undefined;
      if (node === undefined) faults.push({ path, text: unknownKey(name, group, keys) });
      else if (!isKey(node)) values[name] = pickGroup(value, node, path);
      else if (!isObject(value)) values[name] = value;
      else pickObject(values, name, value, node, path);
    }
    return values;
  };
  /** convict would look inside an object that stands where a single value belongs, and stumble. */
  const pickObject = (into: Values, name: string, value: object, { validator }: Key, path: string): void => {
    const text = validator.fault(value, directory);
    if (text === null) into[name] = validator.fromObject?.(value);
    else faults.push({ path, text });
  };
  return { values: pickGroup(found, keys, ''), faults };
}

function unknownKey(name: string, group: Keys, all: Keys): string {
  const names = Object.keys(group);
  const close = nearest(name, names);
  if (close !== null) return `unknown key; did you mean "${close}"?`;
  const elsewhere = flattenKeys(all).find(([path]) => path.endsWith(`.${name}`));
  if (elsewhere !== undefined) return `unknown key; did you mean "${elsewhere[0]}"?`;
  return `unknown key; known here: ${names.join(', ')}`;
}

/** Puts a value where its path says: `mqtt.url`. */
export function putAt(into: Values, path: string, value: unknown): void {
  const [name = '', ...rest] = path.split('.');
  if (rest.length === 0) {
    into[name] = value;
    return;
  }
  const group = (into[name] ?? {}) as Values;
  into[name] = group;
  putAt(group, rest.join('.'), value);
}
