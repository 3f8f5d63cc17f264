import { afterEach, beforeEach, expect, it } from 'vitest';
import { Observer } from '../mqtt/support/observer.ts';
import { TestBroker } from '../mqtt/support/test-broker.ts';
import { eventually } from '../support/eventually.ts';
import { bridgeConfig, runningBridge } from '../support/running-bridge.ts';
import { servedMeter } from '../support/served-meter.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const STATE = 'multical2mqtt/84968362/state';
const DISCOVERY = 'homeassistant/device/multical2mqtt_84968362/config';

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

it('a meter is published in the units that are wanted, and a later change is warned about', async () => {
  const { port } = await servedMeter();
  const folder = temporaryFolder();
  const run = (units: Readonly<Record<string, string>>) =>
    runningBridge(
      bridgeConfig({ meters: [{ name: 'Heating', port, units }], mqtt: { url: broker.url } }, folder),
    );
  const json = (topic: string) => JSON.parse(observer.latest(topic) ?? '{}');

  const first = await run({ heat_energy: 'kWh' });
  await eventually(() => json(STATE).heat_energy_fine);
  await first.bridge.idle();
  expect(observer.latest(STATE)).toMatch(/"heat_energy":23560\.3,/);
  expect(observer.latest(STATE)).toMatch(/"heat_energy_fine":84\.817\d{4}[,}]/);
  await eventually(() => json(DISCOVERY).components?.heat_energy_fine);
  expect(json(DISCOVERY).components.heat_energy).toMatchObject({ unit_of_measurement: 'kWh' });
  expect(json(DISCOVERY).components.heat_energy_fine).toMatchObject({ unit_of_measurement: 'GJ' });
  expect(first.logger.said('warn')).toEqual([]);
  await first.bridge.stop();

  const second = await run({});
  await eventually(
    () => second.logger.matching(/heat_energy is published in GJ from now on, and was in kWh/).length > 0,
  );
  await eventually(() => /"heat_energy":84\.817,/.test(observer.latest(STATE) ?? ''));
  await second.bridge.idle();
  // The memory kept the meter's own value: nothing was doubted.
  expect(second.logger.matching(/held back/)).toEqual([]);
});
