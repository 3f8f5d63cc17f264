import { afterEach, describe, expect, it } from 'vitest';
import { MqttConnection } from '../../src/mqtt/connection.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { eventually } from '../support/eventually.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { ScriptedBroker } from './support/scripted-broker.ts';
import { settingsFor } from './support/settings.ts';
import { NOT_AUTHORIZED, SlowBroker } from './support/slow-broker.ts';
import { TestBroker } from './support/test-broker.ts';

const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function connectionTo(url: string, clock: FakeClock, protocolVersion: 4 | 5 = 4): MqttConnection {
  return new MqttConnection({
    settings: settingsFor(url, { protocolVersion }),
    stateTopic: 'base/bridge/state',
    clock,
    random: () => 0,
    logger: new CollectingLogger(),
  });
}

describe('stop() leaves no timer and no socket', () => {
  it('when connected', async () => {
    const broker = await new TestBroker().start();
    cleanups.push(() => broker.stop());
    const clock = new FakeClock();
    const connection = connectionTo(broker.url, clock);
    connection.start();
    await eventually(() => connection.connected);
    await connection.stop();
    expect(clock.pendingTimers).toBe(0);
    await eventually(() => broker.clients === 0);
  });

  it('while waiting for the next attempt', async () => {
    const broker = await new TestBroker().start();
    cleanups.push(() => broker.stop());
    await broker.goAway();
    const clock = new FakeClock();
    const connection = connectionTo(broker.url, clock);
    connection.start();
    await eventually(() => clock.pendingTimers === 1);
    await connection.stop();
    expect(clock.pendingTimers).toBe(0);
  });

  it('when the broker takes the connection but never says hello', async () => {
    const scripted = await new ScriptedBroker([]).start();
    cleanups.push(() => scripted.stop());
    const { url, sockets } = scripted;
    const clock = new FakeClock();
    const connection = connectionTo(url, clock);
    connection.start();
    await eventually(() => sockets.size === 1);
    await connection.stop();
    expect(clock.pendingTimers).toBe(0);
    await eventually(() => sockets.size === 0);
  });

  it('where a message is refused while we say goodbye, and nothing that waited is sent after it', async () => {
    const broker = await new SlowBroker().start();
    cleanups.push(() => broker.stop());
    const clock = new FakeClock();
    const connection = connectionTo(broker.url, clock, 5);
    for (const topic of ['base/1/state', 'base/2/state']) connection.publish(topic, 'x');
    connection.start();
    await eventually(() => broker.unanswered.length === 1);
    const stopping = connection.stop();
    await eventually(() => broker.unanswered.length === 2);
    broker.answer(NOT_AUTHORIZED);
    broker.answer(0);
    await stopping;
    expect(clock.pendingTimers).toBe(0);
    expect(broker.topics).toEqual([expect.any(String), 'base/bridge/state']);
    expect(broker.payloads.at(-1)).toBe('offline');
  });

  it('after two seconds when the broker does not confirm the goodbye', async () => {
    const scripted = await new ScriptedBroker([0x20, 2, 0, 0]).start();
    cleanups.push(() => scripted.stop());
    const { url, sockets } = scripted;
    const clock = new FakeClock();
    const connection = connectionTo(url, clock);
    connection.start();
    await eventually(() => connection.connected);
    let stopped = false;
    const stopping = connection.stop().then(() => {
      stopped = true;
    });
    await clock.advance(1_900);
    expect(stopped).toBe(false);
    await clock.advance(100);
    await stopping;
    expect(clock.pendingTimers).toBe(0);
    await eventually(() => sockets.size === 0);
  });

  it('before it was started', async () => {
    const clock = new FakeClock();
    await connectionTo('mqtt://localhost:1', clock).stop();
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('the pace of attempts', () => {
  it('doubles from one second to a minute, and starts anew after a connection that lasted', async () => {
    const broker = await new TestBroker().start();
    cleanups.push(() => broker.stop());
    await broker.goAway();
    const clock = new FakeClock();
    const connection = connectionTo(broker.url, clock);
    cleanups.push(() => connection.stop());
    connection.start();
    for (const delay of [1_000, 2_000, 4_000]) {
      await eventually(() => clock.pendingTimers === 1);
      await clock.advance(delay - 1);
      expect(clock.pendingTimers).toBe(1);
      await clock.advance(1);
    }
    await eventually(() => clock.pendingTimers === 1);
    await broker.comeBack();
    await clock.advance(8_000);
    await eventually(() => connection.connected);
    await clock.advance(10_000);
    broker.cutAll();
    await eventually(() => !connection.connected);
    await clock.advance(1_000);
    await eventually(() => connection.connected);
  });
});
