import type { Text } from './fault.ts';

/**
 * Reads and checks the value of a key: `T` to the program, `W` as it may be written. The messages are ours, because
 * convict's print whole values, secrets included.
 */
export interface Validator<T, W = T> {
  /** From the text of an environment variable or an option; text that makes no sense comes back as it is. */
  read(text: string): unknown;
  /** An object in the file as a value that can be laid over others; without this, objects are refused. */
  fromObject?(value: object): unknown;
  /** Says what is wrong with a value and what is allowed; null: nothing is. `directory`: relative paths start there. */
  fault(value: unknown, directory?: string): Text | null;
  /** Where `fault` is about one value of several, its place, counted from 0. */
  entryAt?(value: unknown): number | undefined;
  /** A value without fault as the program wants it; without this, as it is written. */
  parse?(written: W): T;
  /** The other way round, to be printed. */
  print?(value: T): unknown;
  /** Validates the value of the add-on's form, where that is a text which `read` understands. */
  readonly inForm?: Pick<Validator<unknown>, 'fault'>;
  /** All that may be written, where there are only a few. */
  readonly choices?: readonly W[];
}

interface KeyOptions {
  /** The environment variable, where it is not named after the path (`MQTT_URL`); false: there is none. */
  readonly env?: string | false;
  /**
   * The add-on's option, where it is not named after the key (`base_topic`); with a point in it where it stands in a group
   * of another name (`history.statistics`); false: there is none.
   */
  readonly addon?: string | false;
  /** Never shown. Its environment variable with `_FILE` at the end names a file that holds it. */
  readonly secret?: true;
}

/** One key of the configuration. */
export interface Key<T = unknown, W = T> extends KeyOptions {
  /** One line of 4 to 14 words, as the documentation shows it. */
  readonly doc: string;
  readonly validator: Validator<T, W>;
  readonly default: W;
}

/** Keys in groups, as the file writes them. */
export interface Keys {
  readonly [name: string]: Key | Keys;
}

/** The values of keys, as the program has them. */
export type Infer<K> = K extends Key<infer T, infer _W> ? T : { readonly [Name in keyof K]: Infer<K[Name]> };

/** The values of keys as they may be written, if nothing is wrong with them. */
export type Written<K> =
  K extends Key<infer _T, infer W> ? W : { readonly [Name in keyof K]: Written<K[Name]> };

export function key<T, W = T>(
  doc: string,
  validator: Validator<T, W>,
  standard: NoInfer<W>,
  options: KeyOptions = {},
): Key<T, W> {
  return { doc, validator, default: standard, ...options };
}

export function isKey(node: Key | Keys): node is Key {
  return 'validator' in node;
}

/** Every key with its path, `mqtt.url`. */
export function flattenKeys(keys: Keys, prefix = ''): readonly (readonly [path: string, key: Key])[] {
  return Object.entries(keys).flatMap(([name, node]) =>
    isKey(node) ? [[`${prefix}${name}`, node] as const] : flattenKeys(node, `${prefix}${name}.`),
  );
}

/** `MQTT_BASE_TOPIC`; undefined where a key has none. `prefix`: of all variables of the same keys, `METER_`. */
export function variableOf(path: string, { env }: Key, prefix = ''): string | undefined {
  if (env === false) return undefined;
  return env ?? `${prefix}${snakeCase(path).replaceAll('.', '_').toUpperCase()}`;
}

/** `base_topic` for `baseTopic`. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
