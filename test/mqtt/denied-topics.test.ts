import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MqttConnection } from '../../src/mqtt/connection.ts';
import type { MqttSettings } from '../../src/mqtt/session.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { eventually } from '../support/eventually.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { Observer } from './support/observer.ts';
import { settingsFor } from './support/settings.ts';
import { TcpProxy } from './support/tcp-proxy.ts';
import { TestBroker } from './support/test-broker.ts';

const STATE = 'base/bridge/state';
const HOUR = 3_600_000;
/** In the flags of CONNECT. */
const WILL = 4;
/** CONNACK of MQTT 3.1.1. */
const LET_IN = [0x20, 2, 0, 0];

let broker: TestBroker;
let observer: Observer;
let clock: FakeClock;
let logger: CollectingLogger;
const cleanups: (() => Promise<void>)[] = [];

beforeEach(async () => {
  broker = await new TestBroker().start();
  observer = await Observer.connect(broker.url);
  clock = new FakeClock();
  logger = new CollectingLogger();
  cleanups.push(
    () => observer.end(),
    () => broker.stop(),
  );
});

afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

function connectTo(url = broker.url, changed: Partial<MqttSettings> = {}): MqttConnection {
  const connection = new MqttConnection({
    settings: settingsFor(url, changed),
    stateTopic: STATE,
    own: ['base/#', 'homeassistant/#'],
    clock,
    random: Math.random,
    logger,
  });
  cleanups.unshift(() => connection.stop());
  connection.start();
  return connection;
}

/** Time passes, slowly enough for the sockets to keep up. */
async function inTime(probe: () => unknown, step = 50): Promise<void> {
  await eventually(async () => {
    await clock.advance(step);
    return probe();
  });
}

/** However long it waits before its next attempt. */
async function back(connection: MqttConnection): Promise<void> {
  await inTime(() => connection.connected, 1_000);
}

/** Connections of ours so far. */
function connections(): number {
  return broker.attempts - 1;
}

function refused(): string[] {
  return logger.said('warn').filter((line) => !line.includes('Trying again'));
}

describe('a broker that closes the connection over a topic', () => {
  it.each(['publish', 'publishOnce'] as const)('is found out with %s, and the rest works', async (way) => {
    broker.closesOver.add('base/1/older');
    const connection = connectTo();
    const publish = () => connection[way]('base/1/older', 'denied');
    connection.onConnected(publish);
    for (let meter = 1; meter < 20; meter++) connection.publish(`base/${meter}/state`, 'here');
    await inTime(() => refused().length > 0);
    await inTime(() => connection.connected);
    connection.publish('base/1/state', 'new');
    await observer.sees('base/1/state', 'new');
    await observer.sees(STATE, 'online');
    await clock.advance(15_000);
    expect(connections()).toBeLessThan(7);
    expect(refused()).toEqual([
      expect.stringMatching(
        /closes the connection whenever something is published to base\/1\/older\..*left out and tried again in an hour.*"topic readwrite base\/#"/,
      ),
    ]);
    expect(connection.state.problem).toContain('base/1/older');
    expect(connection.refusals.of('publish', 'base/1/older')).toMatchObject({ shorterMayPass: false });
    expect(logger.matching(/clientId/)).toEqual([]);
    const before = broker.attempts;
    connection.publish('base/1/older', 'denied still');
    connection.publish('base/2/state', 'going on');
    await observer.sees('base/2/state', 'going on');
    expect(broker.attempts).toBe(before);
  });

  it('is tried again after an hour, at the price of one connection, and works when it may', async () => {
    broker.closesOver.add('base/1/older').add('base/2/diagnostics');
    const connection = connectTo();
    connection.publish('base/1/older', 'one');
    connection.publish('base/2/diagnostics', 'two');
    connection.publish('base/1/state', 'here');
    await inTime(() => refused().length === 2);
    await inTime(() => connection.connected);
    await observer.sees('base/1/state', 'here');
    const before = broker.attempts;
    await clock.advance(HOUR);
    await inTime(() => broker.attempts > before && connection.connected);
    await clock.advance(20_000);
    expect(broker.attempts).toBe(before + 1);
    broker.closesOver.clear();
    await clock.advance(HOUR);
    await inTime(() => observer.latest('base/1/older') && observer.latest('base/2/diagnostics'));
    await inTime(() => connection.state.problem === undefined);
    expect(broker.attempts).toBe(before + 1);
    expect(refused()).toHaveLength(2);
  });

  it('tells who publishes once when it is worth another try', async () => {
    broker.closesOver.add('base/1/config');
    const connection = connectTo();
    const errors: unknown[] = [];
    const worth: string[] = [];
    connection.refusals.onWorthATry((topic) => worth.push(topic));
    connection.onConnected(() => connection.publishOnce('base/1/config', 'x', (error) => errors.push(error)));
    await inTime(() => errors.length === 1);
    expect(String(errors[0])).toMatch(/base\/1\/config/);
    await clock.advance(HOUR);
    expect(worth).toEqual(['base/1/config']);
  });

  it('is found out when it is the subscription that it closes over', async () => {
    broker.closesOver.add('base/1/read');
    const connection = connectTo();
    const heard: string[] = [];
    connection.subscribe('base/1/read', () => {});
    connection.subscribe('base/2/read', (payload) => heard.push(payload));
    connection.publish('base/1/state', 'here');
    await inTime(() => refused().length === 1);
    expect(refused()[0]).toMatch(/whenever we listen to base\/1\/read\./);
    await inTime(() => connection.connected && observer.latest('base/1/state'));
    await eventually(async () => {
      await observer.publish('base/2/read', 'now');
      return heard.length > 0;
    });
  });

  it('costs a bounded number of connections where it refuses a whole kind of topics', async () => {
    const connection = connectTo();
    for (let meter = 0; meter < 100; meter++) {
      broker.closesOver.add(`homeassistant/device/${meter}/config`);
      connection.publish(`homeassistant/device/${meter}/config`, 'denied');
      connection.publish(`base/${meter}/state`, 'here');
    }
    await inTime(() => refused().some((line) => line.includes('homeassistant/#')));
    await inTime(() => connection.connected && observer.latest('base/99/state'));
    await clock.advance(20_000);
    expect(connections()).toBeLessThan(12);
    expect(connection.refusals.of('publish', 'homeassistant/device/77/config')).toBeDefined();
    expect(connection.state.problem).toMatch(/whenever something is published to homeassistant\/#\./);
  });

  it('closes over what is too long, and takes what is shorter at the same topic', async () => {
    broker.longest = 5_000;
    const connection = connectTo();
    connection.publish('base/1/state', 'x'.repeat(1_200));
    connection.publish('base/1/long', 'x'.repeat(9_000));
    await inTime(() => refused().length === 1);
    expect(refused()[0]).toMatch(/either this user may not, or 90\d\d bytes are more than it takes/);
    expect(connection.refusals.of('publish', 'base/1/long')).toMatchObject({ shorterMayPass: true });
    await inTime(() => connection.connected);
    connection.publish('base/1/long', 'x'.repeat(2_000));
    await inTime(() => observer.latest('base/1/long'));
    await inTime(() => connection.state.problem === undefined);
  });

  it('does not let us in with our last will, and is told apart from one that is away', async () => {
    broker.refusesWills = true;
    const connection = connectTo();
    connection.publish('base/1/state', 'here');
    await inTime(() => observer.latest('base/1/state'));
    await observer.sees(STATE, 'online');
    expect(refused()).toEqual([
      expect.stringMatching(/does not let us in with a last will at base\/bridge\/state, but without/),
    ]);
    expect(connection.state.problem).toContain('last will');
    expect(connections()).toBeLessThan(7);
    const { willsRefused } = broker;
    broker.cutAll();
    await inTime(() => !connection.connected);
    await back(connection);
    expect(broker.willsRefused).toBe(willsRefused);
    broker.refusesWills = false;
    await clock.advance(HOUR);
    broker.cutAll();
    await inTime(() => !connection.connected);
    await back(connection);
    expect(connection.state.problem).toBeUndefined();
    expect(broker.willsRefused).toBe(willsRefused);
  });

  it('does not let us in with our last will, and never closes when we take leave', async () => {
    let hadWill = false;
    let attempts = 0;
    const sockets = new Set<Socket>();
    const deaf = createServer({ allowHalfOpen: true }, (socket) => {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.once('data', (packet) => {
        attempts++;
        hadWill = ((packet[9] ?? 0) & WILL) !== 0;
        if (hadWill) socket.destroy();
        else socket.write(Uint8Array.from(LET_IN));
      });
    });
    await new Promise<void>((resolve) => deaf.listen(0, resolve));
    const connection = connectTo(`mqtt://localhost:${(deaf.address() as AddressInfo).port}`);
    await inTime(() => attempts > 1 && !hadWill, 200);
    await inTime(() => refused().length > 0);
    await inTime(() => connection.connected);
    // Or the last leave would wait for a clock that stands still.
    cleanups.unshift(async () => {
      for (const socket of sockets) socket.destroy();
      deaf.close();
    });
  });

  it('keeps its last will where the broker was only away', async () => {
    await broker.goAway();
    const connection = connectTo();
    for (let attempt = 0; attempt < 4; attempt++) await inTime(() => connections() > attempt, 1_000);
    await broker.comeBack();
    await back(connection);
    expect(refused()).toEqual([]);
    broker.cutAll();
    await inTime(() => !connection.connected);
    const late = await Observer.connect(broker.url);
    cleanups.push(() => late.end());
    await late.sees(STATE, 'offline');
  });
});

describe('is not blamed on a topic:', () => {
  it('a line that is cut again and again, whatever is under way', async () => {
    const line = await new TcpProxy(broker.port).start();
    cleanups.push(() => line.stop());
    const connection = connectTo(line.url);
    const topics = Array.from({ length: 20 }, (_, meter) => `base/${meter}/state`);
    for (const topic of topics) connection.publish(topic, 'first');
    for (let round = 0; round < 15; round++) {
      await back(connection);
      // Right after something was sent, and at other moments.
      connection.publish(topics[round] ?? '', `round ${round}`);
      if (round % 3 === 0) await clock.advance(500 * round);
      line.cut();
      await inTime(() => !connection.connected);
      line.mend();
    }
    await inTime(() => topics.every((topic) => observer.latest(topic)));
    expect(refused()).toEqual([]);
  });

  it('a broker that restarts again and again', async () => {
    const connection = connectTo();
    for (let round = 0; round < 8; round++) {
      await back(connection);
      connection.publish('base/1/state', `round ${round}`);
      await broker.goAway();
      await inTime(() => !connection.connected);
      await clock.advance(10_000);
      await broker.comeBack();
    }
    await inTime(() => connection.connected && observer.latest('base/1/state') === 'round 7');
    expect(refused()).toEqual([]);
    expect(observer.latest(STATE)).toBe('online');
  });

  it('another client with our id', async () => {
    const connection = connectTo(broker.url, { clientId: 'twin' });
    connection.publish('base/1/state', 'here');
    await back(connection);
    const twin = await Observer.connect(broker.url, { clientId: 'twin', reconnectPeriod: 20 });
    cleanups.push(() => twin.end());
    await inTime(() => logger.matching(/same mqtt\.clientId/).length);
    for (let time = 0; time < 100; time++) await inTime(() => true);
    expect(refused()).toEqual([]);
  });
});
