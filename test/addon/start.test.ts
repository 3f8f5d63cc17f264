import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { hasMosquitto, Mosquitto } from '../mqtt/support/mosquitto.ts';
import type { Observer } from '../mqtt/support/observer.ts';
import { eventually } from '../support/eventually.ts';
import { FakeSupervisor } from '../support/fake-supervisor.ts';
import { freePort } from '../support/free-port.ts';
import { hasTool } from '../support/has-tool.ts';
import { HttpReceiver } from '../support/http-receiver.ts';
import { ended, PROGRAM, program, run } from '../support/program.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const CONFIG = resolve(import.meta.dirname, '../../addon/config.yaml');
const SERIAL = '84968362';
const STATE = `multical2mqtt/${SERIAL}/state`;

/** The environment that a Supervisor gives to an add-on with these options. */
function addonEnvironment(supervisor: { readonly url: string; readonly token: string }, options: unknown) {
  const data = temporaryFolder({ 'options.json': JSON.stringify(options) });
  return {
    SUPERVISOR_TOKEN: supervisor.token,
    SUPERVISOR_URL: supervisor.url,
    SUPERVISOR_OPTIONS: join(data, 'options.json'),
  };
}

describe.skipIf(!hasMosquitto())('the add-on, between a Supervisor, a Mosquitto and a meter', () => {
  const mosquitto = new Mosquitto();
  let observer: Observer;

  beforeAll(async () => {
    await mosquitto.start();
    mosquitto.allow('addons');
    observer = await mosquitto.observer();
  });

  afterAll(async () => {
    await observer?.end();
    await mosquitto.remove();
  });

  const service = (password: string) => ({
    host: '127.0.0.1',
    port: mosquitto.port,
    username: 'addons',
    password,
  });

  it('waits for a broker, takes the one that Home Assistant offers, and publishes the meter', async () => {
    const supervisor = await FakeSupervisor.start();
    const meter = program(['simulate', '--tcp', '0']);
    const network = await eventually(() => /tcp:\/\/(127\.0\.0\.1:\d+)/.exec(meter.out)?.[1]);
    // What the form saves for somebody who fills in a name and an address.
    const { options: standard } = parse(readFileSync(CONFIG, 'utf8'));
    const options = { ...standard, meter: { name: 'House', network }, log_level: 'debug' };
    const addon = program([], addonEnvironment(supervisor, options));
    await eventually(() => /no MQTT broker yet.*Mosquitto broker/.test(addon.err));

    supervisor.provide(service('a-wrong-password'));
    await eventually(() => /check mqtt\.username and mqtt\.password/.test(addon.err));
    supervisor.provide(service(mosquitto.password));
    await eventually(() => /"heat_energy":84\.817/.test(observer.latest(STATE) ?? ''));
    for (const device of ['bridge', SERIAL])
      await eventually(() =>
        /"cu":"homeassistant:\/\/app\/a1b2c3d4_multical2mqtt"/.test(
          observer.latest(`homeassistant/device/multical2mqtt_${device}/config`) ?? '',
        ),
      );

    // As Home Assistant speaks: nobody chose another language.
    await eventually(() => /"info":"ingen fejl"/.test(observer.latest(STATE) ?? ''));
    await eventually(() =>
      /"name":"Varmeenergi"/.test(
        observer.latest(`homeassistant/device/multical2mqtt_${SERIAL}/config`) ?? '',
      ),
    );

    addon.child.kill('SIGTERM');
    expect(await ended(addon)).toBe(0);
    await observer.sees('multical2mqtt/bridge/state', 'offline');
    for (const secret of [supervisor.token, mosquitto.password, 'a-wrong-password'])
      expect(addon.err).not.toContain(secret);
  });

  it("takes the user's own broker, and then does not ask for another", async () => {
    const supervisor = await FakeSupervisor.start();
    const { url, password } = mosquitto;
    const options = { meters: [], mqtt: { url, username: 'addons', password, base_topic: 'mine' } };
    const addon = program([], addonEnvironment(supervisor, options));
    await observer.sees('mine/bridge/state', 'online');
    expect(supervisor.asked).not.toContain('GET /services/mqtt');
    addon.child.kill('SIGTERM');
    expect(await ended(addon)).toBe(0);
  });
});

describe('the add-on', () => {
  it('runs without a meter and without a Supervisor that answers, and says what to do', async () => {
    const nobody = { url: 'http://127.0.0.1:9', token: 'a-token' };
    const addon = program([], addonEnvironment(nobody, { meters: [], mqtt: {} }));
    await eventually(() => /Supervisor cannot be reached/.test(addon.err));
    expect(addon.err).toMatch(/No meter yet: open the tab Configuration/);
    addon.child.kill('SIGTERM');
    expect(await ended(addon)).toBe(0);
  });

  it('runs while the head is unplugged', async () => {
    const supervisor = await FakeSupervisor.start();
    const meters = [{ name: 'House', device_path: '/dev/serial/by-id/none' }];
    const addon = program([], addonEnvironment(supervisor, { meters, mqtt: {} }));
    await eventually(() => /by-id\/none: there is no such port/.test(addon.err));
    addon.child.kill('SIGTERM');
    expect(await ended(addon)).toBe(0);
  });

  it('goes on without a broker where other outputs are wanted, and does not ask for one', async () => {
    const supervisor = await FakeSupervisor.start();
    const receiver = await new HttpReceiver().start();
    const port = await freePort();
    const meter = program(['simulate', '--tcp', '0']);
    const network = await eventually(() => /tcp:\/\/(127\.0\.0\.1:\d+)/.exec(meter.out)?.[1]);
    const options = {
      meters: [{ name: 'House', network }],
      mqtt: { enabled: false },
      influxdb: {
        enabled: true,
        url: receiver.url,
        database: 'heat',
        username: 'me',
        password: 'pass-of-influx',
      },
      domoticz: { enabled: true, url: receiver.url, devices: 'heat_energy=12', password: 'pass-of-domoticz' },
      metrics: { enabled: true },
      webhook: { enabled: true, url: `${receiver.url}/hook?token-of-hook`, secret: 'key-of-hook' },
      log_level: 'debug',
    };
    // The port is fixed for people; this machine may have something there.
    const addon = program([], { ...addonEnvironment(supervisor, options), METRICS_PORT: String(port) });
    const posted = (path: string) =>
      eventually(() => receiver.received.find(({ url }) => url.pathname === path));
    expect((await posted('/write')).body).toMatch(/^multical,.*name=House.* heat_energy=84\.817/m);
    expect((await posted('/hook')).headers['x-multical2mqtt-signature']).toMatch(/^sha256=/);
    expect((await posted('/json.htm')).url.searchParams.get('idx')).toBe('12');
    const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
    expect(await answer.text()).toContain('multical_heat_energy_joules_total');

    addon.child.kill('SIGTERM');
    expect(await ended(addon)).toBe(0);
    expect(addon.err).toMatch(/broker none/);
    expect(supervisor.asked).not.toContain('GET /services/mqtt');
    for (const secret of ['pass-of-influx', 'pass-of-domoticz', 'token-of-hook', 'key-of-hook'])
      expect(addon.err).not.toContain(secret);
  });

  it('names what is wrong with its options by their own names', async () => {
    const supervisor = await FakeSupervisor.start();
    const addon = program([], addonEnvironment(supervisor, { meters: [{ name: 'House' }] }));
    expect(await ended(addon)).toBe(2);
    expect(addon.err).toMatch(/- meters\[0\]\.device: must be chosen/);
    expect(addon.err).toMatch(/The tab Documentation .* explains every option\./);
  });
});

const maySplitTheNetwork = hasTool('ip') && spawnSync('unshare', ['-n', 'true']).status === 0;
if (!maySplitTheNetwork)
  process.stderr.write('SKIPPED: the page behind ingress, for want of a network of its own\n');

describe.skipIf(!maySplitTheNetwork)("the add-on in a network with ingress' own address", () => {
  it('shows the page to ingress, and to nobody else', async () => {
    // Where it is asked the Supervisor tells our own token, which the page must not.
    const nobody = { url: 'http://127.0.0.1:8080', token: 'a-token-for-nobody' };
    const tell = `
      const body = JSON.stringify({ message: 'This is ' + process.env.SUPERVISOR_TOKEN });
      require('node:http').createServer((_, answer) => answer.writeHead(502).end(body)).listen(8080);`;
    const look = `
      const http = require('node:http');
      const look = (host, path) => new Promise((resolve) => {
        const options = { host, port: 8099, path, localAddress: host };
        http.get(options, (answer) => {
          let text = '';
          answer.on('data', (chunk) => (text += chunk)).on('end', () => resolve([answer.statusCode, text]));
        }).on('error', () => setTimeout(() => resolve(look(host, path)), 100));
      });
      (async () => {
        for (const [host, path] of [['172.30.32.2', '/'], ['172.30.32.3', '/'], ['127.0.0.1', '/'],
          ['127.0.0.1', '/healthz'], ['172.30.32.3', '/healthz']])
          console.log(JSON.stringify(await look(host, path)));
        let page;
        do page = await look('172.30.32.2', '/api/v1/log'); while (!page[1].includes('HTTP 502'));
        console.log(JSON.stringify(page));
      })();`;
    const script = `
      ip link set lo up
      ip address add 172.30.32.2/32 dev lo
      ip address add 172.30.32.3/32 dev lo
      "$NODE" -e "$TELL" & supervisor=$!
      "$NODE" "$PROGRAM" & bridge=$!
      "$NODE" -e "$LOOK"
      kill $supervisor $bridge; wait $bridge`;
    const world = run('unshare', ['-n', 'sh', '-c', script], {
      ...addonEnvironment(nobody, { meters: [], mqtt: {} }),
      NODE: process.execPath,
      PROGRAM,
      LOOK: look,
      TELL: tell,
    });
    expect(await ended(world)).toBe(0);
    const answers = world.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(answers.map(([status]) => status)).toEqual([200, 403, 403, 200, 403, 200]);
    expect(answers[0][1]).toContain('<m2m-page>');
    expect(answers[5][1]).toMatch(/No meter yet/);
    expect(answers[5][1]).toContain('HTTP 502: This is ***');
    for (const [, text] of answers) expect(text).not.toContain('a-token-for-nobody');
  });
});
