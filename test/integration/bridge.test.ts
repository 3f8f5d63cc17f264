import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UNIT } from '../../src/kmp/units.ts';
import { Observer } from '../mqtt/support/observer.ts';
import { TestBroker } from '../mqtt/support/test-broker.ts';
import { eventually, pause } from '../support/eventually.ts';
import { bridgeConfig, runningBridge } from '../support/running-bridge.ts';
import { servedMeter } from '../support/served-meter.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const SERIAL = '84968362';
const DISCOVERY = `homeassistant/device/multical2mqtt_${SERIAL}/config`;
const STATE = `multical2mqtt/${SERIAL}/state`;
const AVAILABILITY = `multical2mqtt/${SERIAL}/availability`;
const DIAGNOSTICS = `multical2mqtt/${SERIAL}/diagnostics`;

let broker: TestBroker;
let observer: Observer;

beforeEach(async () => {
  broker = await new TestBroker().start();
  observer = await Observer.connect(broker.url);
});

afterEach(async () => {
  await observer.end();
  await broker.stop();
});

function configFor(port: string, folder: string, keys: Readonly<Record<string, unknown>> = {}) {
  return bridgeConfig({ meters: [{ name: 'Heating', port }], mqtt: { url: broker.url }, ...keys }, folder);
}

const json = (topic: string) => JSON.parse(observer.latest(topic) ?? '{}');
const components = () => Object.keys(json(DISCOVERY).components ?? {});

describe('the bridge', () => {
  it('makes a meter appear in Home Assistant, with values that are exact to the last digit', async () => {
    const { port, simulator } = await servedMeter();
    const { bridge } = runningBridge(configFor(port, temporaryFolder()));
    await observer.sees(AVAILABILITY, 'online');
    await bridge.idle();
    await eventually(() => json(STATE).operating_hours);
    await eventually(() => components().includes('operating_hours'));
    expect(observer.latest('multical2mqtt/bridge/state')).toBe('online');
    expect(observer.latest(STATE)).toMatch(/"heat_energy":84\.817,/);
    expect(observer.latest(STATE)).toMatch(/"flow_temperature":\d+\.\d\d,/);
    expect(json(STATE).read_at).toMatch(/^\d{4}-.*[+-]\d\d:\d\d$/);
    expect(json(DISCOVERY)).toMatchObject({
      device: { name: 'Heating', serial_number: SERIAL, manufacturer: 'Kamstrup' },
      components: {
        heat_energy: { device_class: 'energy', state_class: 'total', unit_of_measurement: 'GJ' },
      },
    });
    expect(json(DIAGNOSTICS)).toMatchObject({ readings: 1, failed_readings: 0, wake_ups: 1 });
    expect(simulator.statistics.wakeUps).toBe(1);
  });

  it('reads at once when it is asked to over MQTT, once for many presses', async () => {
    const { port, simulator } = await servedMeter();
    const { bridge } = runningBridge(configFor(port, temporaryFolder()));
    await observer.sees(AVAILABILITY, 'online');
    await bridge.idle();
    simulator.resetStatistics();
    const presses = Array.from({ length: 5 }, () => observer.publish(`multical2mqtt/${SERIAL}/read`, 'READ'));
    await Promise.all(presses);
    await eventually(() => json(DIAGNOSTICS).readings >= 2);
    await bridge.idle();
    expect(simulator.statistics.requests).toBeLessThanOrEqual(2);
  });

  it('reads on while the broker is away, and publishes the newest when it is back', async () => {
    const { port } = await servedMeter();
    const meters = [{ name: 'Heating', port, schedule: '* * * * * *' }];
    await broker.stop();
    const { logger } = runningBridge(configFor(port, temporaryFolder(), { meters }));
    await pause(2_500);
    expect(logger.said('warn').join()).toMatch(/broker|refused/i);
    await broker.start();
    await eventually(() => observer.latest(STATE));
    expect(json(DIAGNOSTICS).readings).toBeGreaterThan(1);
  });

  it('leaves plain MQTT when Home Assistant is switched off', async () => {
    const { port } = await servedMeter();
    const config = configFor(port, temporaryFolder(), { homeAssistant: { enabled: false } });
    const { bridge } = runningBridge(config);
    await observer.sees(AVAILABILITY, 'online');
    await bridge.idle();
    expect(observer.messages.filter(({ topic }) => topic.startsWith('homeassistant/'))).toEqual([]);
  });

  it('takes its devices back from Home Assistant when that is switched off later', async () => {
    const folder = temporaryFolder();
    const { port } = await servedMeter();
    const { bridge } = runningBridge(configFor(port, folder));
    await eventually(() => observer.latest(DISCOVERY));
    await bridge.idle();
    await bridge.stop();
    runningBridge(configFor(port, folder, { homeAssistant: { enabled: false } }));
    await eventually(() => observer.of(DISCOVERY).at(-1) === '');
    await eventually(() => observer.of('homeassistant/device/multical2mqtt_bridge/config').at(-1) === '');
  });

  it('says offline when it stops, within five seconds even in the middle of a reading', async () => {
    const { port } = await servedMeter({}, 'silence');
    const { bridge } = runningBridge(configFor(port, temporaryFolder()));
    await observer.sees('multical2mqtt/bridge/state', 'online');
    await pause(300);
    const begin = performance.now();
    await bridge.stop();
    expect(performance.now() - begin).toBeLessThan(5_000);
    await observer.sees('multical2mqtt/bridge/state', 'offline');
  });

  it('reads several meters, on ports of their own and on a shared one', async () => {
    const first = await servedMeter();
    first.simulator.addMeter({ model: '601', address: 0x7f });
    const other = await servedMeter({ model: '603' });
    const meters = [
      { name: 'House', port: first.port },
      { name: 'Logger', port: first.port, address: 0x7f },
      { name: 'Workshop', port: other.port },
    ];
    runningBridge(configFor(first.port, temporaryFolder(), { meters }));
    await eventually(
      () =>
        observer.messages.filter(
          ({ topic, payload }) => topic.endsWith('/availability') && payload === 'online',
        ).length === 3,
    );
  });

  it('takes back what it published of a meter that left the configuration', async () => {
    const folder = temporaryFolder();
    const first = await servedMeter();
    const { bridge } = runningBridge(configFor(first.port, folder));
    await observer.sees(AVAILABILITY, 'online');
    await bridge.idle();
    await eventually(() => observer.latest(DISCOVERY));
    await bridge.stop();
    const other = await servedMeter({ model: '603' });
    const { bridge: next } = runningBridge(configFor(other.port, folder));
    await eventually(() => observer.of(DISCOVERY).at(-1) === '');
    for (const topic of [STATE, AVAILABILITY, DIAGNOSTICS]) expect(observer.of(topic).at(-1)).toBe('');
    await next.idle();
    expect(observer.latest('multical2mqtt/80713078/availability')).toBe('online');
  });

  it('keeps a meter whose port was renamed in the configuration', async () => {
    const folder = temporaryFolder();
    const { port } = await servedMeter();
    const { bridge } = runningBridge(configFor(port, folder));
    await observer.sees(AVAILABILITY, 'online');
    await bridge.idle();
    await bridge.stop();
    const { bridge: next } = runningBridge(configFor(port.replace('127.0.0.1', 'localhost'), folder));
    await eventually(() => json(DIAGNOSTICS).readings === 1 && json(STATE).read_at);
    await next.idle();
    expect(observer.of(STATE)).not.toContain('');
  });

  it('holds a total back across a restart when it went backwards', async () => {
    const folder = temporaryFolder();
    const before = await servedMeter();
    const { bridge } = runningBridge(configFor(before.port, folder));
    await observer.sees(AVAILABILITY, 'online');
    await bridge.idle();
    await bridge.stop();
    const registers = { 60: { unit: UNIT.gigaJoule, length: 4, decimals: 3, source: 1_000 } };
    const after = await servedMeter({ registers });
    const { bridge: next, logger } = runningBridge(configFor(after.port, folder));
    await eventually(() =>
      logger.said('warn').some((line) => /went back from 84\.817 GJ to 1\.000 GJ/.test(line)),
    );
    await next.idle();
    expect(observer.of(STATE).filter((state) => state.includes('"heat_energy":1.000'))).toEqual([]);
  });

  it('learns an electricity meter, whose registers are none of the main ones', async () => {
    const electricity = { 1: { unit: UNIT.kiloWattHour, length: 4, decimals: 1, source: 71_832 } };
    const none = Object.fromEntries(
      [60, 63, 68, 74, 80, 86, 87, 89, 99, 369, 398, 399, 400].map((id) => [id, null]),
    );
    const { port } = await servedMeter({ registers: { ...none, ...electricity } });
    runningBridge(configFor(port, temporaryFolder()));
    await eventually(() => json(STATE).active_energy_import === 7183.2);
  });
});
