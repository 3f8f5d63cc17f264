import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configKeys } from '../../src/config/keys.ts';
import { meterKeys } from '../../src/meter/config.ts';
import { flattenKeys, type Keys, variableOf } from '../../src/schema/key.ts';

const page = readFileSync(resolve(import.meta.dirname, '../../docs/configuration.md'), 'utf8');

/** Every key with its path and its environment variable. */
const keys = [...withVariables(configKeys), ...withVariables(meterKeys, 'METER_')];

function withVariables(all: Keys, prefix?: string) {
  return flattenKeys(all).map(
    ([path, key]) => [path, { ...key, env: variableOf(path, key, prefix) }] as const,
  );
}

describe('docs/configuration.md', () => {
  it('names what else is read from the environment', () => {
    for (const name of ['MULTICAL2MQTT_CONFIG', 'MQTT_PASSWORD_FILE', 'SUPERVISOR_TOKEN']) {
      expect(page).toContain(`\`${name}\``);
    }
  });

  it('names no environment variable that is not read', () => {
    const known = new Set(keys.map(([, key]) => key.env));
    const named =
      page.match(
        /`(?:METER|MQTT|HOME_ASSISTANT|LOG|DATA|WAITING|INFLUXDB|DOMOTICZ|METRICS|CSV|WEBHOOK|WEB)_[A-Z_]+`/g,
      ) ?? [];
    const unknown = named.map((name) => name.slice(1, -1)).filter((name) => !known.has(name));
    const files = keys.flatMap(([, { env, secret }]) => (secret ? [`${env}_FILE`] : []));
    expect(new Set(unknown)).toEqual(new Set(files));
  });
});
