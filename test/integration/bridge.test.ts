import { describe, expect, it } from 'vitest';
import { UNIT } from '../../src/catalogue/units.ts';
import { parseFault } from '../../src/simulator/faults.ts';
import { observedBroker } from '../mqtt/support/observed-broker.ts';
import { asHomeAssistant } from '../outputs/home-assistant/support/as-home-assistant.ts';
import { eventually } from '../support/eventually.ts';
import { bridgeConfig, runningBridge } from '../support/running-bridge.ts';
import { servedMeter } from '../support/served-meter.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const SERIAL = '84968362';
const DISCOVERY = `homeassistant/device/multical2mqtt_${SERIAL}/config`;
const STATE = `multical2mqtt/${SERIAL}/state`;
const AVAILABILITY = `multical2mqtt/${SERIAL}/availability`;
const DIAGNOSTICS = `multical2mqtt/${SERIAL}/diagnostics`;

const home = observedBroker();

function configFor(port: string, folder: string, keys: Readonly<Record<string, unknown>> = {}) {
  return bridgeConfig(
    { meters: [{ name: 'Heating', port }], mqtt: { url: home.broker.url }, ...keys },
    folder,
  );
}

const json = (topic: string) => JSON.parse(home.observer.latest(topic) ?? '{}');
const discovery = () => asHomeAssistant(home.observer.latest(DISCOVERY) ?? '{}');
const components = () => Object.keys(discovery().components ?? {});

describe('the bridge', () => {
  it('makes a meter appear in Home Assistant, with values that are exact to the last digit', async () => {
    const { port } = await servedMeter();
    await runningBridge(configFor(port, temporaryFolder()));
    await home.observer.sees(AVAILABILITY, 'online');
    await eventually(() => json(STATE).operating_hours);
    await eventually(() => components().includes('operating_hours'));
    expect(home.observer.latest('multical2mqtt/bridge/state')).toBe('online');
    expect(home.observer.latest(STATE)).toMatch(/"heat_energy":84\.817,/);
    expect(home.observer.latest(STATE)).toMatch(/"flow_temperature":\d+\.\d\d,/);
    expect(json(STATE).read_at).toMatch(/^\d{4}-.*[+-]\d\d:\d\d$/);
    expect(discovery()).toMatchObject({
      device: { name: 'Heating', serial_number: SERIAL, manufacturer: 'Kamstrup' },
      components: {
        heat_energy: { device_class: 'energy', state_class: 'total', unit_of_measurement: 'GJ' },
      },
    });
    await eventually(() => json(DIAGNOSTICS).readings === 1);
  });

  it('reads at once when it is asked to over MQTT, once for many presses', async () => {
    const { port, simulator } = await servedMeter();
    const meters = [{ name: 'Heating', port, battery: { minSecondsBetween: 0 } }];
    const { bridge, logger } = await runningBridge(configFor(port, temporaryFolder(), { meters }));
    await home.observer.sees(AVAILABILITY, 'online');
    await bridge.idle();
    // All presses come while one reading runs: it waits for an answer until they are there.
    simulator.setFaults([parseFault('silence')]);
    for (let press = 0; press < 5; press++)
      await home.observer.publish(`multical2mqtt/${SERIAL}/read`, 'READ');
    // The bridge answers what came after the presses only when it has heard them.
    const states = home.observer.of(STATE).length;
    await home.observer.publish('homeassistant/status', 'online');
    await eventually(() => home.observer.of(STATE).length > states);
    expect(logger.matching(/info Heating: a reading was asked for/)).toHaveLength(1);
    simulator.setFaults([]);
    await bridge.idle();
    await bridge.stop();
    await home.observer.sees('multical2mqtt/bridge/state', 'offline');
    expect(json(DIAGNOSTICS)).toMatchObject({ readings: 2, failed_readings: 0 });
  });

  it('does not exceed the limit of the day, however often it is asked and started', async () => {
    const { port, simulator } = await servedMeter();
    // Where it is about noon now, so that no midnight comes between.
    const ahead = new Date().getUTCHours() - 12;
    const timezone = `Etc/GMT${ahead < 0 ? '' : '+'}${ahead}`;
    const limited = { name: 'Heating', port, timezone, battery: { maxReadingsPerDay: 2 } };
    const config = configFor(port, temporaryFolder(), { meters: [limited] });
    for (const readings of [1, 2]) {
      const { bridge } = await runningBridge(config);
      await eventually(() => json(DIAGNOSTICS).today?.readings === readings);
      await bridge.idle();
      await bridge.stop();
    }
    simulator.resetStatistics();
    const { logger } = await runningBridge(config);
    await eventually(() => json(DIAGNOSTICS).last_error?.includes('maxReadingsPerDay'));
    // Again until it is heard: what the bridge publishes may be here before it listens.
    await eventually(async () => {
      await home.observer.publish(`multical2mqtt/${SERIAL}/read`, 'READ');
      return logger.said('warn').some((line) => line.includes('asked for and is not taken'));
    });
    expect(json(DIAGNOSTICS)).toMatchObject({ readings_left_today: 0, today: { readings: 2 } });
    expect(simulator.statistics.requests).toBe(0);
  });

  it('reads on while the broker is away, and publishes the newest when it is back', async () => {
    const { port } = await servedMeter();
    const meters = [{ name: 'Heating', port, schedule: '* * * * * *' }];
    await home.broker.goAway();
    const { logger } = await runningBridge(configFor(port, temporaryFolder(), { meters }));
    await eventually(() => logger.matching(/values of meter/).length >= 2);
    expect(logger.said('warn').join()).toMatch(/MQTT broker/);
    await home.broker.comeBack();
    await eventually(() => home.observer.latest(STATE));
    await eventually(() => json(DIAGNOSTICS).readings > 1);
  });

  it('leaves plain MQTT when Home Assistant is switched off', async () => {
    const { port } = await servedMeter();
    const config = configFor(port, temporaryFolder(), { homeAssistant: { enabled: false } });
    const { bridge } = await runningBridge(config);
    await home.observer.sees(AVAILABILITY, 'online');
    await bridge.idle();
    await bridge.stop();
    await home.observer.sees('multical2mqtt/bridge/state', 'offline');
    expect(home.observer.messages.filter(({ topic }) => topic.startsWith('homeassistant/'))).toEqual([]);
  });

  it('takes its devices back from Home Assistant when that is switched off later', async () => {
    const folder = temporaryFolder();
    const { port } = await servedMeter();
    const { bridge } = await runningBridge(configFor(port, folder));
    await eventually(() => home.observer.latest(DISCOVERY));
    await bridge.idle();
    await bridge.stop();
    await runningBridge(configFor(port, folder, { homeAssistant: { enabled: false } }));
    await eventually(() => home.observer.of(DISCOVERY).at(-1) === '');
    await eventually(
      () => home.observer.of('homeassistant/device/multical2mqtt_bridge/config').at(-1) === '',
    );
  });

  it('takes single entities back too', async () => {
    const folder = temporaryFolder();
    const { port } = await servedMeter();
    const single = { discovery: 'component' };
    const flow = `homeassistant/sensor/multical2mqtt_${SERIAL}/flow/config`;
    const { bridge } = await runningBridge(configFor(port, folder, { homeAssistant: single }));
    await eventually(() => home.observer.latest(flow));
    expect(home.observer.of(DISCOVERY)).toEqual([]);
    await bridge.idle();
    await bridge.stop();
    const off = await runningBridge(configFor(port, folder, { homeAssistant: { enabled: false } }));
    const held = () => [...new Map(home.observer.messages.map(({ topic, payload }) => [topic, payload]))];
    await eventually(() =>
      held().every(([topic, payload]) => !topic.startsWith('homeassistant/') || payload === ''),
    );
    await off.bridge.stop();
  });

  it('says offline when it stops, even in the middle of a reading', async () => {
    const { port, simulator } = await servedMeter({}, 'silence');
    const { bridge } = await runningBridge(configFor(port, temporaryFolder()));
    await home.observer.sees('multical2mqtt/bridge/state', 'online');
    await eventually(() => simulator.statistics.requests);
    await bridge.stop();
    await home.observer.sees('multical2mqtt/bridge/state', 'offline');
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
    await runningBridge(configFor(first.port, temporaryFolder(), { meters }));
    await eventually(
      () =>
        home.observer.messages.filter(
          ({ topic, payload }) => topic.endsWith('/availability') && payload === 'online',
        ).length === 3,
    );
  });

  it('takes back what it published of a meter that left the configuration', async () => {
    const folder = temporaryFolder();
    const first = await servedMeter();
    const { bridge } = await runningBridge(configFor(first.port, folder));
    await home.observer.sees(AVAILABILITY, 'online');
    await bridge.idle();
    await eventually(() => home.observer.latest(DISCOVERY));
    await bridge.stop();
    const other = await servedMeter({ model: '603' });
    await runningBridge(configFor(other.port, folder));
    await eventually(() => home.observer.of(DISCOVERY).at(-1) === '');
    for (const topic of [STATE, AVAILABILITY, DIAGNOSTICS])
      await eventually(() => home.observer.of(topic).at(-1) === '');
    await home.observer.sees('multical2mqtt/80713078/availability', 'online');
  });

  it('keeps a meter whose port was renamed in the configuration', async () => {
    const folder = temporaryFolder();
    const { port } = await servedMeter();
    const { bridge } = await runningBridge(configFor(port, folder));
    await home.observer.sees(AVAILABILITY, 'online');
    await bridge.idle();
    await bridge.stop();
    await home.observer.sees('multical2mqtt/bridge/state', 'offline');
    const before = home.observer.of(STATE).length;
    await runningBridge(configFor(port.replace('127.0.0.1', 'localhost'), folder));
    await eventually(() => home.observer.of(STATE).length > before);
    expect(home.observer.of(STATE)).not.toContain('');
  });

  it('holds a total back across a restart when it went backwards', async () => {
    const folder = temporaryFolder();
    const before = await servedMeter();
    const { bridge } = await runningBridge(configFor(before.port, folder));
    await home.observer.sees(AVAILABILITY, 'online');
    await bridge.idle();
    await bridge.stop();
    const registers = { 60: { unit: UNIT.gigaJoule, length: 4, decimals: 3, source: 1_000 } };
    const after = await servedMeter({ registers });
    const { bridge: next, logger } = await runningBridge(configFor(after.port, folder));
    await eventually(() =>
      logger.said('warn').some((line) => /went back from 84\.817 GJ to 1\.000 GJ/.test(line)),
    );
    await next.idle();
    await next.stop();
    await home.observer.sees('multical2mqtt/bridge/state', 'offline');
    expect(home.observer.of(STATE).filter((state) => state.includes('"heat_energy":1.000'))).toEqual([]);
  });

  it('learns an electricity meter, whose registers are none of the main ones', async () => {
    const electricity = { 1: { unit: UNIT.kiloWattHour, length: 4, decimals: 1, source: 71_832 } };
    const none = Object.fromEntries(
      [60, 63, 68, 74, 80, 86, 87, 89, 99, 369, 398, 399, 400].map((id) => [id, null]),
    );
    const { port } = await servedMeter({ registers: { ...none, ...electricity } });
    await runningBridge(configFor(port, temporaryFolder()));
    await eventually(() => json(STATE).active_energy_import === 7183.2);
  });
});
