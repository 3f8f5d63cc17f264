import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { putAt } from '../schema/apply.ts';
import type { Fault } from '../schema/fault.ts';
import { flattenKeys, type Keys, variableOf } from '../schema/key.ts';

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
export function textLayer(keys: Keys, texts: readonly TextValue[]): TextLayer {
  const values: Record<string, unknown> = {};
  const origins = new Map<string, string>();
  const known = new Map(flattenKeys(keys));
  for (const { path, text, origin } of texts) {
    putAt(values, path, known.get(path)?.validator.read(text));
    origins.set(path, origin);
  }
  return { values, origins };
}

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Values of the environment. An empty variable counts as not set: compose files hand on what they do not have as "".
 * `prefix`: of the variables of these keys, `METER_`.
 */
export function environmentTexts(environment: Environment, keys: Keys, prefix = ''): readonly TextValue[] {
  return flattenKeys(keys).flatMap(([path, key]) => {
    const origin = variableOf(path, key, prefix);
    const text = origin === undefined ? undefined : environment[origin];
    return origin === undefined || text === undefined || text === '' ? [] : [{ path, text, origin }];
  });
}

/** Secrets from files (Docker secrets: `MQTT_PASSWORD_FILE`), and what is wrong with those. */
export function secretTexts(
  environment: Environment,
  directory: string,
  keys: Keys,
): { texts: readonly TextValue[]; faults: readonly Fault[] } {
  const texts: TextValue[] = [];
  const faults: Fault[] = [];
  for (const [path, key] of flattenKeys(keys)) {
    const variable = key.secret === true ? variableOf(path, key) : undefined;
    const origin = `${variable}_FILE`;
    const file = environment[origin] ?? '';
    if (variable === undefined || file === '') continue;
    if ((environment[variable] ?? '') !== '') {
      faults.push({ path, text: `${variable} and ${origin} are both set; keep one and remove the other` });
      continue;
    }
    try {
      const text = readFileSync(resolve(directory, file), 'utf8').replace(/\r?\n$/, '');
      texts.push({ path, text, origin });
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      const reason = code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`;
      const text = `the file ${JSON.stringify(file)} ${reason}; it must hold the ${path.split('.').pop()}`;
      faults.push({ path, text, origin });
    }
  }
  return { texts, faults };
}

const METER = 'meter.';

/** Values of the command line, by key path; `meter.port` and the like belong to a single meter. Undefined: none. */
export function overrideTexts(
  overrides: Readonly<Record<string, string | undefined>>,
  keys: Keys,
  meterKeys: Keys,
): { texts: readonly TextValue[]; meterTexts: readonly TextValue[]; faults: readonly Fault[] } {
  const known = pathsOf(keys);
  const knownOfMeter = pathsOf(meterKeys);
  const texts: TextValue[] = [];
  const meterTexts: TextValue[] = [];
  const faults: Fault[] = [];
  for (const [path, text] of Object.entries(overrides)) {
    if (text === undefined) continue;
    const ofMeter = path.startsWith(METER) ? path.slice(METER.length) : '';
    const origin = 'command line';
    if (knownOfMeter.has(ofMeter)) meterTexts.push({ path: ofMeter, text, origin });
    else if (known.has(path)) texts.push({ path, text, origin });
    else faults.push({ path, text: 'unknown key', origin });
  }
  return { texts, meterTexts, faults };
}

function pathsOf(keys: Keys): ReadonlySet<string> {
  return new Set(flattenKeys(keys).map(([path]) => path));
}
