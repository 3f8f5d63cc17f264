import { afterEach, beforeEach, expect, it } from 'vitest';
import { MqttConnection } from '../../src/mqtt/connection.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { eventually } from '../support/eventually.ts';
import { inStep } from './support/in-step.ts';
import { Observer } from './support/observer.ts';
import { settingsFor } from './support/settings.ts';
import { TcpProxy } from './support/tcp-proxy.ts';
import { TestBroker } from './support/test-broker.ts';

const STATE = 'base/bridge/state';

let broker: TestBroker;
let observer: Observer;

function connection(): MqttConnection {
  const settings = settingsFor(broker.url);
  const logger = new CollectingLogger();
  return new MqttConnection({ settings, stateTopic: STATE, clock: systemClock, random: Math.random, logger });
}

beforeEach(async () => {
  broker = await new TestBroker().start();
  observer = await Observer.connect(broker.url);
});

afterEach(async () => {
  await observer.end();
  await broker.stop();
});

it('an instance that stops does not leave the other one offline', async () => {
  const [first, second] = [connection(), connection()];
  first.start();
  second.start();
  await eventually(() => first.connected && second.connected);
  await inStep(first, observer);
  await inStep(second, observer);
  await first.stop();
  await eventually(() => observer.of(STATE).includes('offline'));
  await observer.sees(STATE, 'online');
  await inStep(second, observer);
  expect(observer.latest(STATE)).toBe('online');
  await second.stop();
  await observer.sees(STATE, 'offline');
});

it('two who share a topic do not chase each other', async () => {
  const both = [connection(), connection()];
  for (const each of both) each.start();
  await eventually(() => both.every(({ connected }) => connected));
  for (const each of both) await inStep(each, observer);
  await observer.publish(STATE, 'offline', true);
  // Each hears the other in a step; were they to chase each other, they would be at it all the time.
  for (let step = 0; step < 5; step++) for (const each of both) await inStep(each, observer);
  expect(observer.latest(STATE)).toBe('online');
  expect(observer.of(STATE).length).toBeLessThan(8);
  for (const each of both) await each.stop();
});

it('does not tell again that it is connected when it takes another topic, unless that goes wrong', async () => {
  const proxy = await new TcpProxy(broker.port).start();
  const logger = new CollectingLogger();
  const settings = settingsFor(proxy.url);
  const moving = new MqttConnection({
    settings,
    stateTopic: STATE,
    clock: systemClock,
    random: Math.random,
    logger,
    reconnectDelay: { first: 10, longest: 10 },
  });
  const told = () => logger.matching(/Connected to the MQTT broker/).length;
  moving.start();
  await eventually(() => moving.connected);
  moving.sayOnlineAt('base/bridge/other');
  await eventually(() => moving.connected);
  await observer.sees('base/bridge/other', 'online');
  expect(told()).toBe(1);
  proxy.cut();
  await eventually(() => logger.matching(/Trying again/).length > 0);
  proxy.mend();
  await eventually(() => told() === 2);
  await moving.stop();
  await proxy.stop();
});
