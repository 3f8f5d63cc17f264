import type { ConfigKeys } from './config-key.ts';
import { flattenKeys } from './config-key.ts';

/** A text for a key, and what a person would look for to change it: `MQTT_URL`, `command line`. */
export interface TextValue {
  readonly path: string;
  readonly text: string;
  readonly origin: string;
}

/** Values given as text, in the form that a file has, and where each one came from. */
interface TextLayer {
  readonly values: object;
  readonly origins: ReadonlyMap<string, string>;
}

/** Later texts win. Every path must be one of `keys`. */
export function textLayer(keys: ConfigKeys, texts: readonly TextValue[]): TextLayer {
  const values: Record<string, unknown> = {};
  const origins = new Map<string, string>();
  const known = new Map(flattenKeys(keys));
  for (const { path, text, origin } of texts) {
    set(values, path.split('.'), known.get(path)?.kind.read(text));
    origins.set(path, origin);
  }
  return { values, origins };
}

function set(into: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [name = '', ...rest] = path;
  if (rest.length === 0) {
    into[name] = value;
    return;
  }
  const group = (into[name] ?? {}) as Record<string, unknown>;
  into[name] = group;
  set(group, rest, value);
}
