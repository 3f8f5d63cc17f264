import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { BridgeState } from '../../src/web/api.ts';
import { Observer } from '../mqtt/support/observer.ts';
import { TestBroker } from '../mqtt/support/test-broker.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { runCli } from '../support/run-cli.ts';
import { servedMeter } from '../support/served-meter.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const SERIAL = '84968362';
const SPEED = 9600;

/** The program with its page, until the test ends. */
async function running(keys: object, environment: Readonly<Record<string, string>> = {}) {
  const folder = temporaryFolder();
  const port = await freePort();
  const file = join(folder, 'config.json5');
  const text = `{ // by hand\n  web: { enabled: true, port: ${port} },\n  dataDir: ${JSON.stringify(folder)}, ...\n}`;
  writeFileSync(file, text.replace('...', JSON.stringify(keys).slice(1, -1)));
  const stopping = new AbortController();
  let err = '';
  const ended = runCli(['run', '--config', file], {
    signal: stopping.signal,
    environment,
    onErr: (text) => {
      err += text;
    },
  });
  const stop = async () => {
    stopping.abort();
    return ended;
  };
  onTestFinished(async () => void (await stop()));
  const url = `http://127.0.0.1:${port}/api/v1`;
  const get = async <Answer>(path: string): Promise<Answer> =>
    (await fetch(`${url}/${path}`)).json() as Promise<Answer>;
  const post = async (path: string, body: object) => {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${url}/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    const json = (await answer.json()) as { readonly problems?: readonly string[] };
    return { status: answer.status, ...json };
  };
  await eventually(() =>
    fetch(`${url}/state`).then(
      ({ ok }) => ok,
      () => false,
    ),
  );
  const state = () => get<BridgeState>('state');
  return { folder, file, get, post, state, stop, log: () => err };
}

/** A broker with somebody who listens, until the test ends. */
async function listenedBroker() {
  const broker = await new TestBroker().start();
  const observer = await Observer.connect(broker.url);
  onTestFinished(async () => {
    await observer.end();
    await broker.stop();
  });
  return { broker, observer };
}

describe('a bridge without meters', () => {
  it('is set up on its page: found, saved, read and published without a restart', async () => {
    const { broker, observer } = await listenedBroker();
    const meter = await servedMeter({ baudRate: SPEED });
    const bridge = await running({ mqtt: { url: broker.url }, language: 'da', meters: [] });
    expect(bridge.log()).toMatch(/No meter is configured yet: open the page/);
    expect(await bridge.state()).toMatchObject({ needsSetup: true, meters: [] });
    expect(await bridge.get('setup')).toMatchObject({ target: 'file', problem: null, used: [] });

    const wish = { port: meter.port.replace('tcp://', ''), baudRate: SPEED };
    expect(await bridge.post('setup/test', wish)).toMatchObject({
      ok: true,
      problem: null,
      meter: {
        serialNumber: SERIAL,
        model: expect.stringMatching(/MULTICAL.* 403/),
        kind: 'heat',
        proposedName: 'Heat meter',
        proposedSchedule: { preset: 'hourly', why: expect.stringMatching(/battery tables/) },
      },
    });
    const house = { ...wish, name: 'House', schedule: 'saver', mainsPowered: false };
    expect(await bridge.post('setup', house)).toEqual({ status: 200, problems: [] });
    await eventually(() =>
      /"heat_energy":84\.817/.test(observer.latest(`multical2mqtt/${SERIAL}/state`) ?? ''),
    );
    expect(await bridge.state()).toMatchObject({
      needsSetup: false,
      meters: [{ name: 'House', port: meter.port, serialNumber: SERIAL }],
    });
    expect(JSON.parse(readFileSync(bridge.file, 'utf8'))).toMatchObject({
      language: 'da',
      mqtt: { url: broker.url },
      meters: [{ name: 'House', port: meter.port, baudRate: SPEED, schedule: 'saver' }],
    });
    expect(readFileSync(`${bridge.file}.before-setup`, 'utf8')).toContain('// by hand');

    // Another one beside it, whose name is taken at first.
    const other = await servedMeter({ baudRate: SPEED, serialNumber: 61_111_111 });
    const shop = { ...house, port: other.port, schedule: 'hourly' };
    const { problems } = await bridge.post('setup', shop);
    expect(problems).toEqual([expect.stringMatching(/name.*must differ/)]);
    expect(await bridge.post('setup', { ...shop, name: 'Shop' })).toMatchObject({ problems: [] });
    await eventually(async () =>
      (await bridge.state()).meters.every(({ lastReading, serialNumber }) => lastReading && serialNumber),
    );
    expect(await bridge.get('meters/Shop/battery')).toMatchObject({ mainsPowered: false });
    expect((await bridge.stop()).code).toBe(0);
    expect(observer.latest('multical2mqtt/bridge/state')).toBe('offline');
  });

  it('reads a further meter alone: those that it reads already are there with what they have', async () => {
    const { broker, observer } = await listenedBroker();
    const served = (serialNumber: number) => servedMeter({ baudRate: SPEED, serialNumber });
    const [first, second, third] = [
      await served(61_111_111),
      await served(61_111_112),
      await served(61_111_113),
    ];
    const keysOf = (name: string, { port }: { readonly port: string }) => ({ name, port, baudRate: SPEED });
    // Its time does not come while the test runs.
    const seldom = { schedule: '0 0 1 1 *', detailSchedule: 'never' };
    const metrics = await freePort();
    const bridge = await running({
      mqtt: { url: broker.url },
      metrics: { enabled: true, port: metrics },
      history: { meterLog: false },
      meters: [
        { ...keysOf('House', first), ...seldom },
        { ...keysOf('Shop', second), ...seldom },
      ],
    });
    const isRead = async () => (await bridge.state()).meters.every(({ lastReading }) => lastReading !== null);
    await eventually(isRead);
    await eventually(async () => (await bridge.state()).meters.every(({ reading }) => reading === null));
    for (const { simulator } of [first, second]) simulator.resetStatistics();
    const wish = { ...keysOf('Flat', third), schedule: 'saver', mainsPowered: false };
    expect(await bridge.post('setup', wish)).toMatchObject({ status: 200, problems: [] });
    await eventually(async () => (await bridge.state()).meters.length === 3 && isRead());
    expect([first, second].map(({ simulator }) => simulator.statistics.requests)).toEqual([0, 0]);
    expect(third.simulator.statistics.requests).toBeGreaterThan(0);
    expect((await bridge.state()).meters.map(({ online, glance }) => online && glance.length > 0)).toEqual([
      true,
      true,
      true,
    ]);
    for (const serial of ['61111111', '61111112']) {
      await observer.sees(`multical2mqtt/${serial}/availability`, 'online');
      await eventually(() => observer.latest(`multical2mqtt/${serial}/state`)?.includes('"heat_energy":'));
    }
    const scraped = await (await fetch(`http://127.0.0.1:${metrics}/metrics`)).text();
    for (const name of ['House', 'Shop', 'Flat'])
      expect(scraped).toMatch(new RegExp(`multical_heat_energy_joules_total.*"${name}"`));
  });

  it('says what is wrong at a port, and opens no file that somebody names', async () => {
    const bridge = await running({
      mqtt: { enabled: false },
      csv: { enabled: true, directory: temporaryFolder() },
    });
    expect(await bridge.post('setup/test', { port: 'tcp://127.0.0.1:1' })).toMatchObject({
      ok: false,
      meter: null,
      problem: expect.stringMatching(/^Cannot reach tcp:\/\/127\.0\.0\.1:1/),
    });
    expect(await bridge.post('setup/test', { port: '/etc/passwd' })).toMatchObject({ status: 404 });
    const house = { name: 'House', schedule: 'saver', mainsPowered: false };
    expect(await bridge.post('setup', { ...house, port: '/etc/passwd' })).toMatchObject({ status: 404 });
    expect(await bridge.post('setup', { ...house, port: 'tcp://a:1', schedule: 'live' })).toMatchObject({
      problems: [expect.stringMatching(/"live" reads every 30 seconds/)],
    });
    expect(await bridge.post('setup', { port: 'tcp://a:1' })).toMatchObject({ status: 400 });
    expect((await bridge.state()).needsSetup).toBe(true);
  });
});

it('lets a meter that the environment names not become another one', async () => {
  const bridge = await running(
    { mqtt: { enabled: false }, csv: { enabled: true, directory: temporaryFolder() } },
    { METER_PORT: 'tcp://127.0.0.1:1', METER_NAME: 'House' },
  );
  const before = readFileSync(bridge.file, 'utf8');
  const shop = { name: 'Shop', port: 'tcp://127.0.0.1:2', schedule: 'saver', mainsPowered: false };
  expect(await bridge.post('setup', shop)).toMatchObject({
    problems: [expect.stringMatching(/METER_PORT and the like/)],
  });
  expect(readFileSync(bridge.file, 'utf8')).toBe(before);
});
