import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { secretsOf } from '../../src/config/keys.ts';
import { Observer } from '../mqtt/support/observer.ts';
import { TestBroker } from '../mqtt/support/test-broker.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { HttpReceiver, type ReceivedRequest } from '../support/http-receiver.ts';
import { ended, PROGRAM, program, run } from '../support/program.ts';
import { bridgeConfig } from '../support/running-bridge.ts';
import { servedMeter } from '../support/served-meter.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** What a careless server does: says in its refusal all that it was sent. */
function everythingOf({ headers, url }: ReceivedRequest): string {
  return `I refuse ${JSON.stringify(headers)} of ${url.pathname}${url.search} `;
}

/** As it may look in JSON, in an address and in a header. */
function facesOf(secret: string): readonly string[] {
  const basic = Buffer.from(`me:${secret}`).toString('base64');
  return [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), encodeURI(secret), basic];
}

const filesBelow = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'bridge.json')
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8'));

it('nothing that leaves the program holds a secret, whatever servers repeat', async () => {
  const folder = temporaryFolder();
  const { port } = await servedMeter({ baudRate: 1_200 });
  const broker = await new TestBroker().start();
  onTestFinished(() => broker.stop());
  const observer = await Observer.connect(broker.url);
  onTestFinished(() => observer.end());
  const secrets = {
    mqtt: 'mqtt-pa"ss/wörd',
    token: 'influx-token==0123456789',
    domoticz: 'domoticz&password+1',
    webhook: 'signed-with-this',
    address: '/hook/ab12cd34?key=ef56',
  };
  const v2 = await new HttpReceiver((request) => ({
    status: 400,
    body: JSON.stringify({ code: 'invalid', message: `${everythingOf(request)}${secrets.token}` }),
  })).start();
  const ears = await new HttpReceiver((request) => ({
    status: 200,
    body: JSON.stringify({ status: 'ERR', message: `${everythingOf(request)}${secrets.domoticz}` }),
  })).start();
  const hook = await new HttpReceiver((request) => ({ status: 400, body: everythingOf(request) })).start();
  const [web, metrics] = [await freePort(), await freePort()];
  const keys = {
    meters: [{ name: 'Heating', port }],
    log: { level: 'debug', format: 'json' },
    mqtt: { url: broker.url, username: 'me', password: secrets.mqtt },
    influxdb: { enabled: true, url: v2.url, org: 'home', bucket: 'heat', token: secrets.token },
    domoticz: {
      enabled: true,
      url: ears.url,
      username: 'me',
      password: secrets.domoticz,
      devices: { heat_energy: 12 },
    },
    webhook: { enabled: true, url: `${hook.url}${secrets.address}`, secret: secrets.webhook },
    csv: { enabled: true, directory: join(folder, 'csv') },
    metrics: { enabled: true, port: metrics },
    web: { enabled: true, port: web },
  };
  const config = bridgeConfig(keys, folder);
  expect(secretsOf(config)).toEqual(expect.arrayContaining([secrets.mqtt, secrets.token, secrets.domoticz]));

  const running = program(['run', '--config', join(folder, 'bridge.json')]);
  await eventually(() => [v2, ears, hook].every(({ received }) => received.length > 0));
  const told = () => JSON.parse(observer.latest('multical2mqtt/bridge/diagnostics') ?? '{}');
  await eventually(() => ['influxdb', 'domoticz', 'webhook'].every((name) => told()[name]?.refused > 0));
  const shown = async (path: string) => (await fetch(`http://127.0.0.1:${web}/api/v1/${path}`)).text();
  const page = (await shown('state')) + (await shown('log'));
  const exposed = await (await fetch(`http://127.0.0.1:${metrics}/metrics`)).text();
  running.child.kill('SIGTERM');
  await ended(running);
  const checked = program(['check', '--print', '--config', join(folder, 'bridge.json')]);
  await ended(checked);

  const messages = observer.messages.map(({ topic, payload }) => `${topic} ${payload}`);
  const everything = {
    mqtt: messages.join('\n'),
    files: filesBelow(folder).join('\n'),
    page,
    metrics: exposed,
    log: running.err,
    out: `${running.out}${checked.out}${checked.err}`,
  };
  // The servers did repeat what they were sent, and it was told.
  expect(everything.mqtt).toContain('I refuse');
  expect(everything.files).toContain('I refuse');
  expect(everything.page).toContain('I refuse');
  expect(everything.log).toContain('I refuse');
  for (const [place, text] of Object.entries(everything)) {
    const found = Object.entries(secrets).filter(([, secret]) =>
      facesOf(secret).some((face) => text.includes(face)),
    );
    expect(found, place).toEqual([]);
  }
});

it('the last words of a program that breaks hold none either', async () => {
  const folder = temporaryFolder();
  const password = 'only-for-the-broker';
  const mqtt = { url: 'mqtt://127.0.0.1:9', username: 'me', password };
  bridgeConfig(
    { meters: [{ port: '/dev/none' }], mqtt, web: { enabled: true, port: await freePort() } },
    folder,
  );
  const fault = `process.on('SIGUSR2', () => { throw new Error('with ${password}') })`;
  const broken = run(process.execPath, [
    '--import',
    `data:text/javascript,${encodeURIComponent(fault)}`,
    PROGRAM,
    'run',
    '--config',
    join(folder, 'bridge.json'),
  ]);
  // It knows its secrets by then.
  await eventually(() => /configuration .*bridge\.json/.test(broken.err));
  broken.child.kill('SIGUSR2');
  expect(await ended(broken)).toBe(1);
  expect(broken.err).toContain('Error: with ***');
  expect(broken.err).not.toContain(password);
});
