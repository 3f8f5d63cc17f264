import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest';
import { parseFault } from '../../src/simulator/faults.ts';
import { Observer } from '../mqtt/support/observer.ts';
import { TcpProxy } from '../mqtt/support/tcp-proxy.ts';
import { TestBroker } from '../mqtt/support/test-broker.ts';
import { asHomeAssistant } from '../outputs/home-assistant/support/as-home-assistant.ts';
import { eventually } from '../support/eventually.ts';
import { bridgeConfig, runningBridge } from '../support/running-bridge.ts';
import { type ServedMeter, servedMeter } from '../support/served-meter.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const HOUSE = '84968362';
const SHOP = '80713078';

let broker: TestBroker;
let observer: Observer;
/** To the broker, for the bridge in the shop. */
let line: TcpProxy;

beforeEach(async () => {
  broker = await new TestBroker().start();
  observer = await Observer.connect(broker.url);
  line = await new TcpProxy(broker.port).start();
});

afterEach(async () => {
  await line.stop();
  await observer.end();
  await broker.stop();
});

async function reading(
  { port }: ServedMeter,
  serialNumber: string,
  { url, folder = temporaryFolder() }: { url: string; folder?: string },
) {
  const running = await runningBridge(
    bridgeConfig({ meters: [{ port, name: serialNumber }], mqtt: { url, clientId: serialNumber } }, folder),
  );
  await observer.sees(`multical2mqtt/${serialNumber}/availability`, 'online');
  await running.bridge.idle();
  await eventually(() => discoveryOf(serialNumber));
  return running;
}

function discoveryOf(serialNumber: string) {
  const payload = observer.latest(`homeassistant/device/multical2mqtt_${serialNumber}/config`);
  return payload === undefined ? undefined : asHomeAssistant(payload);
}

/** Whether Home Assistant shows the meter's entities. */
function isAvailable(serialNumber: string): boolean {
  const { availability, availability_mode } = discoveryOf(serialNumber);
  expect(availability_mode).toBe('all');
  return availability.every(({ topic }: { topic: string }) => observer.latest(topic) === 'online');
}

async function both() {
  const shopFolder = temporaryFolder();
  const meters = { house: await servedMeter(), shop: await servedMeter({ model: '603' }) };
  const house = await reading(meters.house, HOUSE, { url: broker.url });
  const shop = await reading(meters.shop, SHOP, { url: line.url, folder: shopFolder });
  await eventually(() => discoveryOf(SHOP).availability[0].topic !== 'multical2mqtt/bridge/state');
  await eventually(() => isAvailable(HOUSE) && isAvailable(SHOP));
  return { house, shop, meters, shopFolder };
}

it('the meters of a bridge that dies become unavailable, though another one lives at the same topics', async () => {
  const { shop } = await both();
  expect(discoveryOf(HOUSE).availability).toEqual([
    { topic: 'multical2mqtt/bridge/state' },
    { topic: `multical2mqtt/${HOUSE}/availability` },
  ]);
  expect(shop.bridge.broker).toMatchObject({
    connected: true,
    problem: expect.stringContaining('mqtt.baseTopic'),
  });
  line.cut();
  await eventually(() => !isAvailable(SHOP));
  expect(isAvailable(HOUSE)).toBe(true);
  expect(observer.latest(`multical2mqtt/${SHOP}/availability`)).toBe('online');
});

it('the same goes for one that is stopped, and for the first of them', async () => {
  const { house, shop } = await both();
  await shop.bridge.stop();
  await eventually(() => !isAvailable(SHOP));
  await observer.sees(`multical2mqtt/${SHOP}/availability`, 'offline');
  expect(isAvailable(HOUSE)).toBe(true);
  await house.bridge.stop();
  await observer.sees(`multical2mqtt/${HOUSE}/availability`, 'offline');
});

it('the first leaves the second alone, and its device in Home Assistant is its own', async () => {
  const { house } = await both();
  const device = 'homeassistant/device/multical2mqtt_bridge/config';
  expect(observer.of(device)).toHaveLength(1);
  await house.bridge.stop();
  await observer.sees('multical2mqtt/bridge/state', 'offline');
  expect(isAvailable(SHOP)).toBe(true);
});

it('a meter is there again with the bridge, before it is read, if it was there when the bridge was stopped', async () => {
  const folder = temporaryFolder();
  const meter = await servedMeter();
  const { bridge } = await reading(meter, HOUSE, { url: broker.url, folder });
  await bridge.stop();
  await observer.sees(`multical2mqtt/${HOUSE}/availability`, 'offline');
  meter.simulator.setFaults([parseFault('silence')]);
  const config = bridgeConfig(
    { meters: [{ port: meter.port, readOnStart: false }], mqtt: { url: broker.url } },
    folder,
  );
  const again = await runningBridge(config);
  onTestFinished(() => again.bridge.stop());
  await observer.sees(`multical2mqtt/${HOUSE}/availability`, 'online');
});
