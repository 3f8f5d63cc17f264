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

/** The password from a file (a Docker secret), and what is wrong with that. */
export function secretTexts(
  environment: Environment,
  directory: string,
): { texts: readonly TextValue[]; problems: readonly string[] } {
  const file = environment.MQTT_PASSWORD_FILE ?? '';
  if (file === '') return { texts: [], problems: [] };
  if ((environment.MQTT_PASSWORD ?? '') !== '') {
    return {
      texts: [],
      problems: [
        'mqtt.password: MQTT_PASSWORD and MQTT_PASSWORD_FILE are both set; keep one and remove the other',
      ],
    };
  }
  try {
    const text = readFileSync(resolve(directory, file), 'utf8').replace(/\r?\n$/, '');
    return { texts: [{ path: 'mqtt.password', text, origin: 'MQTT_PASSWORD_FILE' }], problems: [] };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const reason = code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`;
    return {
      texts: [],
      problems: [
        `mqtt.password (MQTT_PASSWORD_FILE): the file ${JSON.stringify(file)} ${reason}; it must hold the password`,
      ],
    };
  }
}
