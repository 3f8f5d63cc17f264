import { afterEach, beforeEach, expect, it } from 'vitest';
import { MqttConnection } from '../../src/mqtt/mqtt-connection.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { pause } from './support/eventually.ts';
import { Observer } from './support/observer.ts';
import { settingsFor } from './support/settings.ts';
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
  await observer.sees(STATE, 'online');
  await pause(100);
  await first.stop();
  await pause(100);
  expect(observer.of(STATE)).toContain('offline');
  expect(observer.latest(STATE)).toBe('online');
  await second.stop();
  await observer.sees(STATE, 'offline');
});

it('two who share a topic do not chase each other', async () => {
  const both = [connection(), connection()];
  for (const each of both) each.start();
  await observer.sees(STATE, 'online');
  await observer.publish(STATE, 'offline', true);
  await pause(300);
  expect(observer.latest(STATE)).toBe('online');
  expect(observer.of(STATE).length).toBeLessThan(8);
  for (const each of both) await each.stop();
});
