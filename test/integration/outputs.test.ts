import { describe, expect, it, onTestFinished } from 'vitest';
import { type Clock, systemClock } from '../../src/shared/clock.ts';
import { Observer } from '../mqtt/support/observer.ts';
import { TestBroker } from '../mqtt/support/test-broker.ts';
import { asHomeAssistant } from '../outputs/home-assistant/support/as-home-assistant.ts';
import { hasInfluxd, Influxd } from '../outputs/influxdb/support/influxd.ts';
import { eventually } from '../support/eventually.ts';
import { HttpReceiver } from '../support/http-receiver.ts';
import { bridgeConfig, runningBridge } from '../support/running-bridge.ts';
import { servedMeter } from '../support/served-meter.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const SERIAL = '84968362';
const DIAGNOSTICS = 'multical2mqtt/bridge/diagnostics';

async function broker(): Promise<{ url: string; observer: Observer }> {
  const started = await new TestBroker().start();
  const observer = await Observer.connect(started.url);
  onTestFinished(async () => {
    await observer.end();
    await started.stop();
  });
  return { url: started.url, observer };
}

/** Milliseconds for a server that does not answer: its request ends only where somebody cuts it. */
const WITHOUT_END = 600_000;

async function running(keys: Readonly<Record<string, unknown>>, clock: Clock = systemClock) {
  const { port, simulator } = await servedMeter();
  const config = bridgeConfig({ meters: [{ name: 'Heating', port }], ...keys }, temporaryFolder());
  Object.assign(config.influxdb, { patience: WITHOUT_END });
  return { ...(await runningBridge(config, undefined, { clock })), simulator };
}

/** The system's clock; from `stand` on no timer comes any more. */
function haltingClock(): Clock & { stand(): void } {
  let stands = false;
  return {
    ...systemClock,
    after: (delay, action) => systemClock.after(delay, () => void (stands || action())),
    stand: () => {
      stands = true;
    },
  };
}

describe('the other outputs of a bridge', () => {
  it('neither delay nor break MQTT, nor each other, whatever is wrong with them', async () => {
    const { url, observer } = await broker();
    const silent = await new HttpReceiver(() => undefined).start();
    const webhook = await new HttpReceiver().start();
    const clock = haltingClock();
    const keys = {
      mqtt: { url },
      influxdb: { enabled: true, url: silent.url, database: 'home' },
      domoticz: { enabled: true, url: 'http://127.0.0.1:9', devices: { heat_energy: 12 } },
      csv: { enabled: true, directory: '/dev/null/folder' },
      webhook: { enabled: true, url: webhook.url },
    };
    const { bridge, simulator } = await running(keys, clock);
    await observer.sees(`multical2mqtt/${SERIAL}/availability`, 'online');
    await eventually(() =>
      observer.latest(`multical2mqtt/${SERIAL}/state`)?.includes('"heat_energy":84.817,'),
    );
    await eventually(() => webhook.received.some(({ body }) => body.includes('"heat_energy":84.817,')));
    const told = () => JSON.parse(observer.latest(DIAGNOSTICS) ?? '{}');
    await eventually(() => told().domoticz?.state === 'problem' && told().csv?.state === 'problem');
    await eventually(() => told().webhook?.delivered > 0);
    expect(told()).toMatchObject({
      domoticz: { problem: expect.stringContaining('nothing listens there') },
      csv: { problem: expect.stringContaining('/dev/null/folder') },
      webhook: { state: 'ok', problem: null, refused: 0 },
    });
    // One reading of the meter serves them all.
    expect(simulator.statistics.wakeUps).toBeLessThanOrEqual(2);
    await eventually(() => silent.received.length);
    // Its end waits for none of their pauses, and for no answer.
    await bridge.idle();
    clock.stand();
    await bridge.stop();
  });

  it('have entities of their own in Home Assistant, in either form', async () => {
    const { url, observer } = await broker();
    const webhook = await new HttpReceiver(() => ({ status: 500 })).start();
    const keys = { mqtt: { url }, webhook: { enabled: true, url: webhook.url } };
    const device = 'homeassistant/device/multical2mqtt_bridge/config';
    const { bridge } = await running(keys);
    await eventually(() => observer.latest(device)?.includes('webhook_problem'));
    expect(asHomeAssistant(observer.latest(device) ?? '').components).toMatchObject({
      webhook_problem: {
        platform: 'binary_sensor',
        device_class: 'problem',
        state_topic: DIAGNOSTICS,
        value_template: "{{value_json.get('webhook',{}).get('state')}}",
        payload_on: 'problem',
        payload_off: 'ok',
      },
      webhook_waiting: { platform: 'sensor', state_class: 'measurement', name: 'Webhook, waiting' },
    });
    await eventually(() => JSON.parse(observer.latest(DIAGNOSTICS) ?? '{}').webhook?.state === 'problem');
    await bridge.stop();
    await running({ ...keys, homeAssistant: { discovery: 'component' } });
    const topic = 'homeassistant/binary_sensor/multical2mqtt_bridge/webhook_problem/config';
    await eventually(() => observer.latest(topic)?.includes('value_json.webhook.state'));
  });

  it('leave nothing at the broker once they are off', async () => {
    const { url, observer } = await broker();
    await observer.publish(DIAGNOSTICS, '{"csv":{}}', true);
    await running({ mqtt: { url } });
    await eventually(() => observer.of(DIAGNOSTICS).at(-1) === '');
  });

  it.skipIf(!hasInfluxd())('do without a broker', async () => {
    const server = await new Influxd().start();
    onTestFinished(() => server.remove());
    await server.query('CREATE DATABASE home');
    const { bridge, logger } = await running({
      mqtt: { enabled: false },
      influxdb: { enabled: true, url: server.url, database: 'home' },
    });
    await eventually(async () => {
      const [series] = await server.query('SELECT heat_energy, serial_number FROM multical', 'home');
      return series?.values.some(([, energy, serial]) => energy === 84.817 && serial === SERIAL);
    });
    await eventually(async () => (await server.query('SELECT * FROM multical_diagnostics', 'home')).length);
    expect(bridge.broker).toBeUndefined();
    expect(logger.matching(/broker|mqtt/i)).toEqual([]);
  });
});
