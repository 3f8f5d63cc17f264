import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { discoveryTopics } from '../../src/outputs/home-assistant/discovery.ts';
import { heldDevice } from '../../src/outputs/home-assistant/held-discovery.ts';
import { Observer } from '../mqtt/support/observer.ts';
import { TestBroker } from '../mqtt/support/test-broker.ts';
import { eventually } from '../support/eventually.ts';
import { bridgeConfig, runningBridge } from '../support/running-bridge.ts';
import { servedMeter } from '../support/served-meter.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const METER = '84968362';
const STATE = `multical2mqtt/${METER}/state`;
const BRIDGE = 'multical2mqtt/bridge/state';
const TOPICS = discoveryTopics('homeassistant', `multical2mqtt_${METER}`);

interface Place {
  readonly broker: TestBroker;
  readonly observer: Observer;
}

let a: Place;
let b: Place;

beforeEach(async () => {
  [a, b] = [await place(), await place()];
});

async function place(): Promise<Place> {
  const broker = await new TestBroker().start();
  onTestFinished(() => broker.stop());
  const observer = await Observer.connect(broker.url);
  onTestFinished(() => observer.end());
  return { broker, observer };
}

function run(port: string, folder: string, meter: Readonly<Record<string, unknown>> = {}) {
  const mqtt = { url: [a.broker.url, b.broker.url] };
  const keys = { meters: [{ name: 'Heat', port, schedule: '0 0 1 1 *', ...meter }], mqtt };
  return runningBridge(bridgeConfig(keys, folder));
}

/** What a user sees of the heat energy after each message: number of the state, unit of the announcement. */
function seenAt({ observer }: Place): readonly { number: unknown; unit: unknown }[] {
  let [number, unit]: unknown[] = [];
  return observer.messages.map(({ topic, payload }) => {
    if (topic === STATE) number = JSON.parse(payload || '{}').heat_energy;
    if (topic === TOPICS.device)
      unit = heldDevice(new Map([[topic, payload]]), TOPICS).components.get(
        'heat_energy',
      )?.unit_of_measurement;
    return { number, unit };
  });
}

it('what an older broker holds is never published, and no number stands there under an old unit', async () => {
  const meter = await servedMeter();
  const { bridge } = await run(meter.port, temporaryFolder());
  await eventually(() => a.observer.latest(TOPICS.device)?.includes('operating_hours'));
  await bridge.idle();
  await eventually(() => typeof seenAt(a).at(-1)?.number === 'number');
  const state = a.observer.latest(STATE);
  const { number, unit } = seenAt(a).at(-1) ?? {};
  const old = { number: 1.5, unit: unit === 'GJ' ? 'MWh' : 'GJ' };
  // Of an earlier run: a total that is lower, in another unit, and said to be of tomorrow.
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
  const oldState = JSON.stringify({ ...JSON.parse(state ?? ''), read_at: tomorrow, heat_energy: old.number });
  const oldDiscovery = a.observer.latest(TOPICS.device)?.replaceAll(`"${unit}"`, `"${old.unit}"`) ?? '';
  await b.observer.publish(TOPICS.device, oldDiscovery, true);
  await b.observer.publish(STATE, oldState, true);
  await b.observer.publish(`multical2mqtt/${METER}/availability`, 'offline', true);
  await eventually(() => b.observer.latest(STATE) && seenAt(b).at(-1)?.unit === old.unit);

  await a.broker.goAway();
  await eventually(() => seenAt(b).at(-1)?.unit === unit && b.observer.latest(STATE) === state);
  await b.observer.sees(BRIDGE, 'online');
  await b.observer.sees(`multical2mqtt/${METER}/availability`, 'online');
  const seen = seenAt(b).filter((each) => typeof each.number === 'number' && each.unit !== undefined);
  const pairs = new Set(seen.map((each) => `${each.number} ${each.unit}`));
  expect([...pairs]).toEqual([`${old.number} ${old.unit}`, `${number} ${unit}`]);
  expect(b.observer.of(STATE).filter((payload) => payload === oldState)).toHaveLength(1);
  expect(bridge.broker).toMatchObject({ connected: true, problem: undefined });
});

it('a meter that left the configuration leaves every broker that the bridge comes to', async () => {
  const [old, kept] = [await servedMeter(), await servedMeter({ model: '403', serialNumber: 12345678 })];
  const folder = temporaryFolder();
  const first = await run(old.port, folder);
  await eventually(() => a.observer.latest(TOPICS.device) && a.observer.latest(STATE));
  await first.bridge.stop();
  const left = new Map(a.observer.messages.map(({ topic, payload }) => [topic, payload]));
  for (const [topic, payload] of left)
    if (topic.includes(METER)) await b.observer.publish(topic, payload, true);
  await b.observer.publish(TOPICS.component('sensor', 'power'), '{"origin":{"name":"multical2mqtt"}}', true);

  await run(kept.port, folder);
  await eventually(() => a.observer.latest(STATE) === undefined);
  await eventually(() => a.observer.latest('multical2mqtt/12345678/state'));
  await a.broker.goAway();
  const topics = [...left.keys(), TOPICS.component('sensor', 'power')].filter((topic) =>
    topic.includes(METER),
  );
  await eventually(() => topics.every((topic) => b.observer.latest(topic) === undefined));
  await eventually(() => b.observer.latest('multical2mqtt/12345678/state'));
});
