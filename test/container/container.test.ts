import { execFileSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Mosquitto } from '../mqtt/support/mosquitto.ts';
import type { Observer } from '../mqtt/support/observer.ts';
import { eventually } from '../support/eventually.ts';
import { FakeSupervisor } from '../support/fake-supervisor.ts';
import { program } from '../support/program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { Container } from './support/container.ts';
import { BuiltImage, canRunContainers } from './support/image.ts';

const SERIAL = '84968362';
const STATE = `multical2mqtt/${SERIAL}/state`;
const DISCOVERY = `homeassistant/device/multical2mqtt_${SERIAL}/config`;

describe.skipIf(!canRunContainers())('the container', () => {
  const mosquitto = new Mosquitto();
  let observer: Observer;
  let image: BuiltImage;

  beforeAll(async () => {
    await mosquitto.start();
    mosquitto.allow('bridge');
    observer = await mosquitto.observer();
    image = new BuiltImage(`localhost/multical2mqtt-test:${process.pid}`);
  }, 900_000);

  afterAll(async () => {
    await observer?.end();
    await mosquitto.remove();
    image?.remove();
  });

  const broker = () => ({
    MQTT_URL: `mqtt://127.0.0.1:${mosquitto.port}`,
    MQTT_USERNAME: 'bridge',
    MQTT_PASSWORD: mosquitto.password,
  });

  async function simulatedMeter(): Promise<string> {
    const meter = program(['simulate', '--tcp', '0']);
    return eventually(() => /127\.0\.0\.1:\d+/.exec(meter.out)?.[0]);
  }

  it('reads, publishes, writes nowhere but to /data, has no privileges, and leaves politely', async () => {
    const METER_PORT = `tcp://${await simulatedMeter()}`;
    const container = new Container(image, { environment: { METER_PORT, ...broker() } });
    await eventually(() => /"heat_energy":84\.817/.test(observer.latest(STATE) ?? ''), 30_000);
    await eventually(() => observer.latest(DISCOVERY), 30_000);
    await observer.sees('multical2mqtt/bridge/state', 'online');

    expect(container.process.Uid).toBe('1000\t1000\t1000\t1000');
    expect(container.process.Gid).toBe('1000\t1000\t1000\t1000');
    expect(container.process.Groups?.trim().split(' ')).toEqual(expect.arrayContaining(['18', '20']));
    expect(container.process.CapEff).toBe('0000000000000000');
    // Root in this container has every right that Docker leaves to it, and still cannot.
    for (const folder of ['/', '/app', '/etc', '/usr/local/bin', '/home/node'])
      expect(container.exec('touch', `${folder}/x`).text).toMatch(/Read-only file system/);
    const memory = join(container.data, 'meters', `${SERIAL}.json`);
    await eventually(() => existsSync(memory), 30_000);
    expect(statSync(memory).uid).toBe(1000);

    expect(container.exec(...image.healthCheck)).toEqual({ code: 0, text: '' });
    expect(container.exec('multical2mqtt', 'health')).toEqual({ code: 0, text: 'ok\n' });
    expect(container.exec('multical2mqtt', 'ports', '--json')).toMatchObject({ code: 0 });

    const begin = performance.now();
    container.signal('TERM');
    expect(await container.ended()).toBe(0);
    expect(performance.now() - begin).toBeLessThan(5_000);
    await observer.sees('multical2mqtt/bridge/state', 'offline');
    expect(container.err).not.toContain(mosquitto.password);
  }, 120_000);

  it('is healthy without meter and broker, and not when it hangs', async () => {
    const environment = { METER_PORT: '/dev/none', MQTT_URL: 'mqtt://127.0.0.1:9' };
    const container = new Container(image, { environment });
    await eventually(() => /no such port/.test(container.err));
    expect(container.exec(...image.healthCheck).code).toBe(0);
    container.signal('STOP');
    expect(container.exec(...image.healthCheck).code).toBe(1);
    container.signal('CONT');
  }, 60_000);

  it("reads an add-on's options, which are for root's eyes only, and then is root no longer", async () => {
    const supervisor = await FakeSupervisor.start();
    const { port, password } = mosquitto;
    supervisor.provide({ host: '127.0.0.1', port, username: 'bridge', password });
    const container = new Container(image, {
      options: { meters: [], mqtt: { base_topic: 'addon' }, log_level: 'info' },
      environment: { SUPERVISOR_TOKEN: supervisor.token, SUPERVISOR_URL: supervisor.url },
    });
    await observer.sees('addon/bridge/state', 'online');
    expect(container.process.Uid).toBe('1000\t1000\t1000\t1000');
    container.signal('TERM');
    expect(await container.ended()).toBe(0);
  }, 60_000);

  it('can be another user from the start, without any capability', async () => {
    const user = { uid: 4711, gid: 4711, additionalGids: [20] };
    const environment = { METER_PORT: '/dev/none', MQTT_BASE_TOPIC: 'user', ...broker() };
    const container = new Container(image, { user, environment });
    await observer.sees('user/bridge/state', 'online');
    expect(container.process).toMatchObject({ Uid: '4711\t4711\t4711\t4711', CapBnd: '0000000000000000' });
    container.signal('TERM');
    expect(await container.ended()).toBe(0);
  }, 60_000);

  it('holds what it needs and no more', () => {
    const list = (...words: readonly string[]) =>
      execFileSync('find', words, { encoding: 'utf8' }).trim().split('\n');
    const app = join(image.root, 'app');
    expect(
      list(app, '-mindepth', '1', '-maxdepth', '1')
        .map((path) => path.slice(app.length + 1))
        .sort(),
    ).toEqual(['CHANGELOG.md', 'LICENSE', 'dist', 'node_modules', 'package.json']);
    expect(list(app, '-name', '*.node')).toHaveLength(1);
    expect(list(app, '-name', 'typescript', '-o', '-name', '*.map', '-o', '-name', '*.d.ts')).toEqual(['']);
    const megabytes = image.bytesOnTop / 1e6;
    process.stderr.write(`Our layers are ${megabytes.toFixed(0)} MB on top of the base image\n`);
    expect(megabytes).toBeLessThan(30);
  }, 60_000);

  it('is built by Home Assistant itself from what is staged for that', async () => {
    const out = temporaryFolder();
    execFileSync(process.execPath, [resolve('scripts/stage-addon.mjs'), out, '--local']);
    const local = new BuiltImage(`${image.name}-local`, join(out, 'multical2mqtt'));
    const container = new Container(local, { words: ['--version'] });
    expect(await container.ended()).toBe(0);
    expect(container.out).toMatch(/^\d+\.\d+\.\d+$/m);
    local.remove();
  }, 200_000);

  it('says what it is', () => {
    const { Entrypoint, Labels, Volumes } = image.config;
    expect(Entrypoint).toEqual([
      'node',
      '--optimize-for-size',
      '--semi-space-growth-factor=1',
      '--single-threaded',
      '/app/dist/main.js',
    ]);
    expect(Object.keys(Volumes)).toEqual(['/data']);
    expect(Labels).toMatchObject({
      'io.hass.type': 'app',
      'io.hass.arch': 'amd64',
      'org.opencontainers.image.licenses': 'MIT',
    });
    expect(Labels['io.hass.version']).toBe(Labels['org.opencontainers.image.version']);
  });
});
