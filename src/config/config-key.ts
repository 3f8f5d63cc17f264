import type { ValueKind } from './value-kind.ts';

/** One key of the configuration. */
export interface ConfigKey {
  readonly doc: string;
  readonly kind: ValueKind;
  readonly default: unknown;
  /** The environment variable that sets it. */
  readonly env?: string;
  /** Never shown. Its environment variable with `_FILE` at the end names a file that holds it. */
  readonly secret?: true;
}

/** Keys in groups, as the file writes them. */
export interface ConfigKeys {
  readonly [name: string]: ConfigKey | ConfigKeys;
}

export function isKey(node: ConfigKey | ConfigKeys): node is ConfigKey {
  return 'kind' in node;
}

/** Every key with its path, `mqtt.url`. */
export function flattenKeys(keys: ConfigKeys, prefix = ''): (readonly [string, ConfigKey])[] {
  return Object.entries(keys).flatMap(([name, node]) =>
    isKey(node) ? [[`${prefix}${name}`, node] as const] : flattenKeys(node, `${prefix}${name}.`),
  );
}
