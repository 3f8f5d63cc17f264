import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { HealthSocket } from '../../src/app/health-socket.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { TestBroker } from '../mqtt/support/test-broker.ts';
import { apiServer } from '../statistics/support/api-server.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { freePort } from '../support/free-port.ts';
import { HttpReceiver } from '../support/http-receiver.ts';
import { runCli } from '../support/run-cli.ts';
import { servedMeter } from '../support/served-meter.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const SPEED = 9600;
const PASSWORD = 'hunter2-s3cret';

async function world() {
  const meter = await servedMeter({ baudRate: SPEED });
  const broker = await new TestBroker().start();
  onTestFinished(() => broker.stop());
  broker.credentials = { username: 'heat', password: PASSWORD };
  const influxdb = await new HttpReceiver(() => ({
    status: 400,
    body: '{"code":"invalid","message":"writing requires points"}',
  })).start();
  const domoticz = await new HttpReceiver(() => ({ status: 200, body: '{"status":"OK"}' })).start();
  const webhook = await new HttpReceiver(() => ({ status: 404 })).start();
  const dataDir = temporaryFolder();
  const config = {
    dataDir,
    meters: [{ name: 'Heat', port: meter.port, baudRate: SPEED }],
    mqtt: { url: broker.url, username: 'heat', password: PASSWORD },
    influxdb: { enabled: true, url: influxdb.url, bucket: 'heat', org: 'home', token: PASSWORD },
    domoticz: { enabled: true, url: domoticz.url, devices: { heat_energy: 12 } },
    webhook: { enabled: true, url: `${webhook.url}/${PASSWORD}` },
  };
  return { meter, broker, influxdb, domoticz, webhook, config, dataDir };
}

function check(config: { readonly dataDir: string; readonly [key: string]: unknown }) {
  const file = join(config.dataDir, 'bridge.json');
  writeFileSync(file, JSON.stringify(config));
  return runCli(['check', '--connect', '--config', file]);
}

describe('check --connect', () => {
  it('reaches meter, broker and servers, and leaves nothing anywhere', async () => {
    const { config, broker, influxdb, domoticz, webhook } = await world();
    const { code, out, err } = await check(config);
    expect([code, err]).toEqual([0, '']);
    expect(out.split('\n').slice(1)).toEqual([
      expect.stringMatching(/^Reached: Heat at tcp:\S+: MULTICAL 403, serial number \d+$/),
      `Reached: MQTT: ${broker.url} lets us in`,
      expect.stringMatching(/^Reached: Domoticz: http\S+ answers/),
      `Reached: InfluxDB: ${influxdb.url} lets us write`,
      expect.stringMatching(/^Reached: Webhook: http\S+ answers \(404\)/),
      'ready',
      '',
    ]);
    expect(broker.tried).toEqual([]);
    expect(influxdb.received.map(({ body }) => body.trim())).toEqual(['']);
    expect(domoticz.received.map(({ url }) => url.searchParams.get('param'))).toEqual(['getversion']);
    expect(webhook.received.map(({ method, url }) => `${method} ${url.pathname}`)).toEqual(['OPTIONS /']);
  });

  it('says of each why not, with exit code 3', async () => {
    const { config, broker, influxdb, domoticz, webhook } = await world();
    broker.credentials = { username: 'heat', password: 'another' };
    influxdb.answer = () => ({ status: 401, body: `{"message":"unauthorized: ${PASSWORD}"}` });
    domoticz.answer = () => ({ status: 401 });
    await webhook.stop();
    const nowhere = `tcp://127.0.0.1:${await freePort()}`;
    const { code, out, err } = await check({ ...config, meters: [{ name: 'Heat', port: nowhere }] });
    expect([code, err]).toEqual([3, '']);
    expect(out.split('\n').slice(1)).toEqual([
      expect.stringMatching(/^Failed: Heat at tcp:\S+: /),
      expect.stringMatching(/^Failed: MQTT: mqtt:\S+ .*check mqtt\.username and mqtt\.password/),
      expect.stringMatching(/^Failed: Domoticz: http\S+ .*domoticz\.username/),
      expect.stringMatching(/^Failed: InfluxDB: http\S+ does not let us write; is influxdb\.token right/),
      expect.stringMatching(/^Failed: Webhook: http\S+ nothing listens there/),
      'ready, but 5 connections failed',
      '',
    ]);
    expect(out).not.toContain(PASSWORD);
  });

  it('tries Home Assistant where the log is to go into its statistics', async () => {
    const { config } = await world();
    const { access } = await apiServer();
    const outputs = {
      influxdb: { enabled: false },
      domoticz: { enabled: false },
      webhook: { enabled: false },
    };
    const all = { ...config, ...outputs, homeAssistant: { statistics: true, ...access } };
    const there = `${access.url.replace('http', 'ws')}/api/websocket`;
    expect((await check(all)).out).toContain(`\nReached: Home Assistant: ${there} lets us in\nready\n`);
    const other = { ...all, homeAssistant: { ...all.homeAssistant, token: PASSWORD } };
    const { code, out } = await check(other);
    expect(out).toMatch(/\nFailed: Home Assistant: .* does not take the token: make a long-lived one/);
    expect(out).not.toContain(PASSWORD);
    expect(code).toBe(3);
    expect((await check({ ...config, ...outputs })).out).not.toContain('Home Assistant');
  });

  it('does not touch the port over which a running bridge reads, and says so', async () => {
    const { config, dataDir, meter } = await world();
    const socket = new HealthSocket(dataDir, () => [], {
      clock: systemClock,
      logger: new CollectingLogger(),
    });
    await socket.start();
    onTestFinished(() => socket.stop());
    const { code, out } = await check(config);
    expect(out).toContain(`Not tried: Heat at ${meter.port}: a bridge runs in ${dataDir}`);
    expect(out).toContain('Reached: MQTT');
    expect([code, meter.simulator.statistics.requests]).toEqual([0, 0]);
  });

  it('tries nothing of a faulty configuration', async () => {
    const { config, broker, meter } = await world();
    const { code, out } = await check({ ...config, log: { level: 'loud' } });
    expect(out).toMatch(/^Fault: log\.level: .*\nNot tried: .*\n1 fault\n$/m);
    expect([code, broker.attempts, meter.simulator.statistics.requests]).toEqual([2, 0, 0]);
  });
});
