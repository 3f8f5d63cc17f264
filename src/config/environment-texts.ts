import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ConfigKeys } from './config-key.ts';
import { flattenKeys } from './config-key.ts';
import type { TextValue } from './text-layer.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What the environment sets. An empty variable counts as not set: compose files hand on what they do not have as "". */
export function environmentTexts(environment: Environment, keys: ConfigKeys): readonly TextValue[] {
  return flattenKeys(keys).flatMap(([path, { env }]) => {
    const text = env === undefined ? undefined : environment[env];
    return env === undefined || text === undefined || text === '' ? [] : [{ path, text, origin: env }];
  });
}

/** Secrets from files (Docker secrets: `MQTT_PASSWORD_FILE`), and what is wrong with those. */
export function secretTexts(
  environment: Environment,
  directory: string,
  keys: ConfigKeys,
): { texts: readonly TextValue[]; problems: readonly string[] } {
  const found = flattenKeys(keys).flatMap(([path, { env, secret }]) =>
    secret === true && env !== undefined ? [secretText(environment, directory, path, env)] : [],
  );
  return {
    texts: found.flatMap((one) => (typeof one === 'object' ? [one] : [])),
    problems: found.filter((one) => typeof one === 'string'),
  };
}

/** A text for a person where something is wrong. */
function secretText(
  environment: Environment,
  directory: string,
  path: string,
  env: string,
): TextValue | string | undefined {
  const origin = `${env}_FILE`;
  const file = environment[origin] ?? '';
  if (file === '') return undefined;
  if ((environment[env] ?? '') !== '')
    return `${path}: ${env} and ${origin} are both set; keep one and remove the other`;
  try {
    return { path, text: readFileSync(resolve(directory, file), 'utf8').replace(/\r?\n$/, ''), origin };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const reason = code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`;
    return `${path} (${origin}): the file ${JSON.stringify(file)} ${reason}; it must hold the ${path.split('.').pop()}`;
  }
}
