import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { MqttConnection } from '../../src/mqtt/connection.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { eventually } from '../support/eventually.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { freePort } from '../support/free-port.ts';
import { inStep } from './support/in-step.ts';
import { Observer } from './support/observer.ts';
import { settingsFor } from './support/settings.ts';
import { TestBroker } from './support/test-broker.ts';

const STATE = 'base/bridge/state';

let logger: CollectingLogger;

beforeEach(() => {
  logger = new CollectingLogger();
});

async function aBroker(): Promise<TestBroker> {
  const broker = await new TestBroker().start();
  onTestFinished(() => broker.stop());
  return broker;
}

async function observerAt({ url }: TestBroker): Promise<Observer> {
  const observer = await Observer.connect(url);
  onTestFinished(() => observer.end());
  return observer;
}

function connectionTo(urls: readonly string[], clock: FakeClock | typeof systemClock = systemClock) {
  const connection = new MqttConnection({
    settings: settingsFor('', { url: urls.map((url) => ({ url, username: '', password: '' })) }),
    stateTopic: STATE,
    clock,
    random: () => 0,
    logger,
  });
  onTestFinished(() => connection.stop());
  return connection;
}

describe('of several brokers', () => {
  it('the first is taken, and the next as soon as it goes', async () => {
    const [a, b, c] = [await aBroker(), await aBroker(), await aBroker()];
    const clock = new FakeClock();
    const connection = connectionTo([a.url, b.url, c.url], clock);
    connection.start();
    await eventually(() => connection.connected);
    expect(connection.state.address).toBe(`${a.url} (1 of 3)`);
    const atA = await observerAt(a);
    await inStep(connection, atA);
    await a.goAway();
    await eventually(() => !connection.connected);
    await clock.advance(0);
    await eventually(() => connection.connected);
    expect(connection.state).toEqual({ connected: true, address: `${b.url} (2 of 3)`, problem: undefined });
    // It stays there, also when the first is back.
    await a.comeBack();
    await clock.advance(3_600_000);
    expect(connection.state.address).toBe(`${b.url} (2 of 3)`);
    expect(logger.said('info')[0]).toBe(`Connected to the MQTT broker ${a.url} (1 of 3)`);
    expect(logger.said('warn')).toEqual([
      `The MQTT broker ${a.url} (1 of 3) closed the connection. Trying the next one.`,
    ]);
    expect(logger.said('info')[1]).toContain(`Connected to the MQTT broker ${b.url} (2 of 3)`);
    expect([c.attempts, b.attempts]).toEqual([0, 1]);
  });

  it('all are tried in turn without a pause, then after longer and longer pauses', async () => {
    const ports = [await freePort(), await freePort()];
    const clock = new FakeClock();
    const connection = connectionTo(
      ports.map((port) => `mqtt://localhost:${port}`),
      clock,
    );
    connection.start();
    const lines = () => logger.said('warn').length;
    await eventually(() => lines() === 1);
    await clock.advance(0);
    await eventually(() => lines() === 2);
    expect(logger.said('warn')).toEqual([
      expect.stringMatching(/\(1 of 2\) refuses the connection: .* Trying the next one\.$/),
      expect.stringMatching(/\(2 of 2\) refuses the connection: .* Trying again until it works\.$/),
    ]);
    const a = new TestBroker();
    a.port = ports[0] ?? 0;
    await a.start();
    onTestFinished(() => a.stop());
    await clock.advance(999);
    expect(a.attempts).toBe(0);
    await a.goAway();
    await clock.advance(1);
    // A second round, and from now on two seconds.
    await eventually(() => a.attempts === 1 && clock.pendingTimers === 1);
    await clock.advance(0);
    await eventually(() => clock.pendingTimers === 1);
    await a.comeBack();
    await clock.advance(1_999);
    expect(a.attempts).toBe(1);
    await clock.advance(1);
    await eventually(() => connection.connected);
    expect(connection.state.address).toBe(`mqtt://localhost:${ports[0]} (1 of 2)`);
  });

  it('each gets the latest of everything, and is emptied of what was emptied meanwhile, once', async () => {
    const [a, b] = [await aBroker(), await aBroker()];
    const [atA, atB] = [await observerAt(a), await observerAt(b)];
    await atB.publish('base/1/state', 'old', true);
    await atB.publish('base/2/state', 'gone', true);
    await atB.publish('base/3/state', 'gone, and another’s now', true);
    const connection = connectionTo([a.url, b.url]);
    connection.publish('base/1/state', 'new');
    connection.publish('base/2/state', 'before');
    connection.start();
    await atA.sees('base/2/state', 'before');
    for (const each of [2, 3]) connection.clear(`base/${each}/state`);
    let delivered = false;
    connection.onceDelivered(() => {
      delivered = true;
    });
    await eventually(() => delivered);
    connection.leave('base/3/state');
    await a.goAway();
    await atB.sees('base/1/state', 'new');
    await atB.sees(STATE, 'online');
    await inStep(connection, atB);
    expect(atB.of('base/2/state')).toEqual(['gone', '']);
    expect(atB.of('base/3/state')).toEqual(['gone, and another’s now']);
    // Somebody else uses it from now on.
    await atB.publish('base/2/state', 'theirs', true);
    b.cutAll();
    await a.comeBack();
    await eventually(() => connection.state.address?.startsWith(a.url) && connection.connected);
    a.cutAll();
    await eventually(() => connection.state.address?.startsWith(b.url) && connection.connected);
    await eventually(() => atB.of('base/1/state').length > 2);
    await inStep(connection, atB);
    expect(atB.latest('base/2/state')).toBe('theirs');
  });

  it('each is told which is another one, before anything is sent to it', async () => {
    const [a, b] = [await aBroker(), await aBroker()];
    const connection = connectionTo([a.url, b.url]);
    const seen: string[] = [];
    connection.onMoved(() => {
      connection.publish('base/1/state', `at ${connection.state.address}`);
      seen.push('moved');
    });
    connection.onConnected(() => seen.push('connected'));
    connection.start();
    await eventually(() => connection.connected);
    connection.publish('base/1/state', 'at a');
    const atB = await observerAt(b);
    await a.goAway();
    await atB.sees('base/1/state', `at ${b.url} (2 of 2)`);
    expect(atB.of('base/1/state')).not.toContain('at a');
    expect(seen).toEqual(['connected', 'moved', 'connected']);
  });
});

it('what a broker refused to hand out is asked for again after a minute: a cluster may refuse for a moment', async () => {
  const broker = await aBroker();
  const observer = await observerAt(broker);
  const clock = new FakeClock();
  broker.forbidden.add('base/1/read');
  const connection = connectionTo([broker.url], clock);
  const heard: string[] = [];
  connection.subscribe('base/1/read', (payload) => heard.push(payload));
  connection.start();
  await eventually(() => logger.matching(/refuses listening to base\/1\/read/).length);
  broker.forbidden.clear();
  await clock.advance(59_999);
  await inStep(connection, observer);
  await observer.publish('base/1/read', 'too early');
  await inStep(connection, observer);
  await clock.advance(1);
  await inStep(connection, observer);
  await observer.publish('base/1/read', 'READ');
  await eventually(() => heard.length > 0);
  expect(heard).toEqual(['READ']);
  expect(connection.state.problem).toBeUndefined();
});
