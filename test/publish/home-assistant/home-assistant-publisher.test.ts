import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MqttConnection } from '../../../src/mqtt/mqtt-connection.ts';
import { topicsBelow } from '../../../src/mqtt/topics.ts';
import { HomeAssistantPublisher } from '../../../src/publish/home-assistant/home-assistant-publisher.ts';
import { systemClock } from '../../../src/shared/clock.ts';
import { Observer } from '../../mqtt/support/observer.ts';
import { settingsFor } from '../../mqtt/support/settings.ts';
import { TestBroker } from '../../mqtt/support/test-broker.ts';
import { CollectingLogger } from '../../support/collecting-logger.ts';
import { eventually, pause } from '../../support/eventually.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { FEW, FLOW_TEMPERATURE, HEAT_ENERGY, METER, PEAK_DATE, reading } from '../support/meter-readings.ts';

const METER_TOPIC = 'homeassistant/device/multical2mqtt_6655443/config';
const BRIDGE_TOPIC = 'homeassistant/device/multical2mqtt_bridge/config';
const STATUS = 'homeassistant/status';

let broker: TestBroker;
let observer: Observer;
let connection: MqttConnection;
let publisher: HomeAssistantPublisher;
/** Of the publisher. The connection has real time, as the broker has. */
let clock: FakeClock;

beforeEach(async () => {
  broker = await new TestBroker().start();
  observer = await Observer.connect(broker.url);
  startOver();
});

afterEach(async () => {
  publisher.stop();
  expect(clock.pendingTimers).toBe(0);
  await connection.stop();
  await observer.end();
  await broker.stop();
});

/** A new run of the bridge. */
function startOver(): void {
  const logger = new CollectingLogger();
  const topics = topicsBelow('multical2mqtt');
  clock = new FakeClock();
  connection = new MqttConnection({
    settings: settingsFor(broker.url),
    stateTopic: topics.bridgeState,
    clock: systemClock,
    random: Math.random,
    logger,
    reconnectDelay: { first: 30, longest: 100 },
  });
  publisher = new HomeAssistantPublisher({
    connection,
    topics,
    discoveryPrefix: 'homeassistant',
    statusTopic: STATUS,
    origin: { name: 'multical2mqtt', version: '1.2.3', url: 'https://example.org' },
    clock,
    random: () => 0.5,
    logger,
  });
}

async function restart(): Promise<void> {
  publisher.stop();
  await connection.stop();
  startOver();
}

async function connected(): Promise<void> {
  connection.start();
  publisher.start();
  await eventually(() => connection.connected);
  // What the broker holds is with us before the second that we give it has passed.
  await pause(50);
  await clock.advance(1_000);
}

/** Everything that is on its way has arrived. */
async function quiet(): Promise<void> {
  await pause(60);
}

/** The component keys of each payload at the meter's topic; null for an empty one. */
function keySets(): (string[] | null)[] {
  return observer.of(METER_TOPIC).map((payload) => {
    if (payload === '') return null;
    const components: Record<string, object> = JSON.parse(payload).components;
    return Object.entries(components)
      .filter(([key]) => FEW.some(({ quantity }) => quantity === key))
      .map(([key, component]) => (Object.keys(component).length === 1 ? `${key}: removed` : key))
      .sort();
  });
}

describe('discovery', () => {
  it('announces the bridge, then the meter with its first reading', async () => {
    await connected();
    await eventually(() => observer.latest(BRIDGE_TOPIC));
    publisher.meterIdentified(METER);
    publisher.readingTaken(METER, [], []);
    await clock.advance(1_000);
    expect(observer.latest(METER_TOPIC)).toBeUndefined();
    publisher.readingTaken(METER, FEW, FEW);
    const payload = JSON.parse(await eventually(() => observer.latest(METER_TOPIC)));
    expect(payload.components).toHaveProperty('heat_energy');
    expect(payload.origin).toEqual({
      name: 'multical2mqtt',
      sw_version: '1.2.3',
      support_url: 'https://example.org',
    });
    const late = await Observer.connect(broker.url);
    await eventually(() => late.latest(METER_TOPIC));
    expect(late.messages.every(({ retained }) => retained)).toBe(true);
    await late.end();
  });

  it('waits for the broker, however long it is away', async () => {
    publisher.start();
    publisher.meterIdentified(METER);
    publisher.readingTaken(METER, FEW, FEW);
    await clock.advance(100_000);
    connection.start();
    await eventually(() => connection.connected);
    await quiet();
    expect(observer.latest(METER_TOPIC)).toBeUndefined();
    await clock.advance(1_000);
    await eventually(() => observer.latest(METER_TOPIC) && observer.latest(BRIDGE_TOPIC));
  });

  it('publishes nothing while nothing changes', async () => {
    await connected();
    publisher.meterIdentified(METER);
    publisher.meterIdentified(METER);
    publisher.availabilityChanged();
    publisher.diagnosticsChanged();
    await clock.advance(1_000);
    for (let hour = 0; hour < 3; hour++) {
      publisher.readingTaken(METER, FEW, FEW);
      await clock.advance(3_600_000);
    }
    await quiet();
    expect(keySets()).toHaveLength(1);
  });

  it('never sends two payloads of a device within five seconds', async () => {
    await connected();
    publisher.meterIdentified(METER);
    await clock.advance(1_000);
    publisher.readingTaken(METER, [], [HEAT_ENERGY]);
    publisher.readingTaken(METER, [], [HEAT_ENERGY, PEAK_DATE]);
    publisher.readingTaken(METER, [], FEW);
    await clock.advance(4_900);
    await quiet();
    expect(keySets()).toEqual([['heat_energy']]);
    await clock.advance(100);
    await eventually(() => keySets().length === 2);
    expect(keySets()[1]).toHaveLength(FEW.length);
  });

  it('publishes again when the meter shows another unit or other decimals', async () => {
    await connected();
    publisher.meterIdentified(METER);
    await clock.advance(1_000);
    publisher.readingTaken(METER, [], [HEAT_ENERGY]);
    await clock.advance(5_000);
    publisher.readingTaken(METER, [], [reading({ id: 60, unit: 3, integer: 1n, signExponent: 0x42 })]);
    await eventually(() => observer.of(METER_TOPIC).length === 2);
    expect(JSON.parse(observer.latest(METER_TOPIC) ?? '').components.heat_energy).toMatchObject({
      unit_of_measurement: 'MWh',
      suggested_display_precision: 2,
    });
  });

  it('ignores readings of a meter that it was not told of', async () => {
    await connected();
    publisher.readingTaken(METER, FEW, FEW);
    await clock.advance(10_000);
    await quiet();
    expect(observer.latest(METER_TOPIC)).toBeUndefined();
  });
});

describe('a quantity that is gone', () => {
  it('is first reduced to its platform, then left out', async () => {
    await connected();
    publisher.meterIdentified(METER);
    await clock.advance(1_000);
    publisher.readingTaken(METER, [], [HEAT_ENERGY, PEAK_DATE]);
    await clock.advance(5_000);
    publisher.readingTaken(METER, [], [HEAT_ENERGY]);
    await eventually(() => keySets().length === 2);
    await clock.advance(5_000);
    await eventually(() => keySets().length === 3);
    await clock.advance(60_000);
    await quiet();
    expect(keySets()).toEqual([
      ['heat_energy', 'max_power_year_date'],
      ['heat_energy', 'max_power_year_date: removed'],
      ['heat_energy'],
    ]);
  });

  it('is removed also when it is from an earlier run', async () => {
    await connected();
    publisher.meterIdentified(METER);
    await clock.advance(1_000);
    publisher.readingTaken(METER, [], [HEAT_ENERGY, PEAK_DATE]);
    await eventually(() => keySets().length === 1);
    await restart();
    publisher.meterIdentified(METER);
    publisher.readingTaken(METER, [], [HEAT_ENERGY]);
    await connected();
    await eventually(() => keySets().length === 2);
    await clock.advance(5_000);
    await eventually(() => keySets().length === 3);
    expect(keySets().slice(1)).toEqual([['heat_energy', 'max_power_year_date: removed'], ['heat_energy']]);
  });

  it('that comes back meanwhile stays', async () => {
    await connected();
    publisher.meterIdentified(METER);
    await clock.advance(1_000);
    publisher.readingTaken(METER, [], [HEAT_ENERGY, PEAK_DATE]);
    await clock.advance(5_000);
    publisher.readingTaken(METER, [], [HEAT_ENERGY]);
    publisher.readingTaken(METER, [], [HEAT_ENERGY, PEAK_DATE]);
    await clock.advance(5_000);
    await eventually(() => keySets().length === 3);
    expect(keySets()[2]).toEqual(['heat_energy', 'max_power_year_date']);
  });
});

describe('what the broker holds', () => {
  async function known(): Promise<void> {
    await connected();
    publisher.meterIdentified(METER);
    await clock.advance(1_000);
    publisher.readingTaken(METER, [], FEW);
    await eventually(() => keySets().length === 1);
    await eventually(() => observer.latest(BRIDGE_TOPIC));
    await clock.advance(5_000);
  }

  it('is not sent again after a restart of the bridge', async () => {
    await known();
    await restart();
    publisher.meterIdentified(METER);
    publisher.readingTaken(METER, [], FEW);
    await connected();
    await clock.advance(10_000);
    await quiet();
    expect(observer.of(METER_TOPIC)).toHaveLength(1);
    expect(observer.of(BRIDGE_TOPIC)).toHaveLength(1);
  });

  it('is replaced at once when it is not ours', async () => {
    await observer.publish(METER_TOPIC, 'not even JSON', true);
    await observer.publish(BRIDGE_TOPIC, '{"components":{"odd":7}}', true);
    publisher.meterIdentified(METER);
    publisher.readingTaken(METER, [], FEW);
    publisher.start();
    connection.start();
    await eventually(() => observer.of(METER_TOPIC).length === 2 && observer.of(BRIDGE_TOPIC).length === 2);
  });

  it('is restored at the next connection when the broker has lost it', async () => {
    await known();
    await broker.stop();
    await eventually(() => !connection.connected);
    await broker.start();
    await eventually(() => connection.connected);
    await quiet();
    await clock.advance(1_000);
    const late = await Observer.connect(broker.url);
    await eventually(() => late.latest(METER_TOPIC) && late.latest(BRIDGE_TOPIC));
    await late.end();
  });

  it('is restored on Home Assistant’s birth when somebody deleted the device there', async () => {
    await known();
    await observer.publish(METER_TOPIC, '', true);
    publisher.readingTaken(METER, [], FEW);
    await clock.advance(60_000);
    await quiet();
    expect(keySets()).toHaveLength(2);
    await observer.publish(STATUS, 'online');
    await eventually(() => clock.pendingTimers === 1);
    await clock.advance(5_000);
    await eventually(() => keySets().length === 3);
    await quiet();
    expect(keySets()).toHaveLength(3);
    expect(observer.of(BRIDGE_TOPIC)).toHaveLength(1);
  });

  it('is followed on birth by all states, once and after a delay', async () => {
    await known();
    connection.publish('multical2mqtt/6655443/state', '{}');
    await observer.sees('multical2mqtt/6655443/state', '{}');
    await observer.publish(STATUS, 'offline');
    await observer.publish(STATUS, 'online');
    await observer.publish(STATUS, 'online');
    await quiet();
    expect(clock.pendingTimers).toBe(1);
    await clock.advance(4_999);
    await quiet();
    expect(observer.of('multical2mqtt/6655443/state')).toHaveLength(1);
    await clock.advance(1);
    await eventually(() => observer.of('multical2mqtt/6655443/state').length === 2);
    await clock.advance(60_000);
    await quiet();
    expect(observer.of('multical2mqtt/6655443/state')).toHaveLength(2);
    expect(observer.of(METER_TOPIC)).toHaveLength(1);
  });

  it('is not sent again for a birth message from before we came', async () => {
    await observer.publish(STATUS, 'online', true);
    await connected();
    await quiet();
    // Only the pause after the bridge's own payload.
    expect(clock.pendingTimers).toBe(1);
    await clock.advance(5_000);
    expect(clock.pendingTimers).toBe(0);
  });

  it('is emptied when the meter has left', async () => {
    await known();
    publisher.meterForgotten(METER.serialNumber);
    publisher.meterForgotten('1111111');
    await eventually(() => observer.of(METER_TOPIC).at(-1) === '');
    publisher.readingTaken(METER, [], [FLOW_TEMPERATURE]);
    await clock.advance(60_000);
    await quiet();
    expect(keySets()).toHaveLength(2);
    publisher.meterIdentified(METER);
    publisher.readingTaken(METER, [], FEW);
    await quiet();
    await clock.advance(1_000);
    await eventually(() => keySets().length === 3);
  });
});
