import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { MqttConnection } from '../../src/mqtt/connection.ts';
import type { MqttSettings } from '../../src/mqtt/session.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { eventually } from '../support/eventually.ts';
import { inStep } from './support/in-step.ts';
import { hasMosquitto, Mosquitto } from './support/mosquitto.ts';
import type { Observer } from './support/observer.ts';
import { settingsFor } from './support/settings.ts';
import { TcpProxy } from './support/tcp-proxy.ts';

const STATE = 'base/bridge/state';
const present = hasMosquitto();

describe.skipIf(!present).each([4, 5] as const)('a real Mosquitto, MQTT version %i', (protocolVersion) => {
  let mosquitto: Mosquitto;
  let observer: Observer;
  let logger: CollectingLogger;
  const cleanups: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    mosquitto = await new Mosquitto().start();
    mosquitto.allow('heat');
  });

  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });

  afterAll(() => mosquitto.remove());

  async function connectTo(url: string, changed: Partial<MqttSettings> = {}): Promise<MqttConnection> {
    observer = await mosquitto.observer();
    cleanups.push(() => observer.end());
    logger = new CollectingLogger();
    const connection = new MqttConnection({
      settings: settingsFor(url, {
        username: 'heat',
        password: mosquitto.password,
        protocolVersion,
        ...changed,
      }),
      stateTopic: STATE,
      clock: systemClock,
      random: Math.random,
      logger,
      reconnectDelay: { first: 50, longest: 200 },
    });
    cleanups.push(() => connection.stop());
    connection.start();
    return connection;
  }

  it('has the will say offline when we are killed, and online when we are back', async () => {
    const line = await new TcpProxy(mosquitto.port).start();
    await connectTo(line.url);
    await observer.sees(STATE, 'online');
    line.cut();
    await observer.sees(STATE, 'offline');
    line.mend();
    await observer.sees(STATE, 'online');
    await line.stop();
  });

  it('gets everything again after a restart without memory', async () => {
    const connection = await connectTo(mosquitto.url);
    const asked: boolean[] = [];
    connection.subscribe('base/1/read', (_payload, retained) => asked.push(retained));
    connection.publish('base/1/state', '{"flow_temperature":65.20}');
    await observer.sees('base/1/state', '{"flow_temperature":65.20}');
    await mosquitto.stop();
    await eventually(() => !connection.connected);
    await mosquitto.start();
    await eventually(() => connection.connected);
    const late = await mosquitto.observer();
    cleanups.push(() => late.end());
    await late.sees('base/1/state', '{"flow_temperature":65.20}');
    await late.sees(STATE, 'online');
    await inStep(connection, late);
    await late.publish('base/1/read', 'READ');
    await eventually(() => asked.length === 1);
    expect(asked).toEqual([false]);
  });

  it('hands out all that a wildcard fits, beside a topic that it fits too', async () => {
    const connection = await connectTo(mosquitto.url);
    await observer.publish('base/7/a', 'old', true);
    await observer.publish('base/7/b', 'old', true);
    await inStep(connection, observer);
    const heard = new Map<string, string>();
    const exact: string[] = [];
    connection.subscribe('base/+/+', (payload, retained, topic) =>
      heard.set(topic, `${payload} ${retained}`),
    );
    connection.subscribe('base/7/a', (payload) => exact.push(payload));
    await eventually(() => heard.get('base/7/a') && heard.get('base/7/b') && exact.length > 0);
    expect(heard.get('base/7/b')).toBe('old true');
    await observer.publish('base/7/a', 'new', true);
    await observer.publish('base/7/b', '', true);
    await inStep(connection, observer);
    // Once, or once for each subscription.
    expect([...new Set(exact)]).toEqual(['old', 'new']);
    expect(heard.get('base/7/a')).toBe('new false');
    expect(heard.get('base/7/b')).toBe(' false');
    await observer.publish('base/7/a', '', true);
  });

  it('keeps the connection through messages that are far too long, and gets what comes after them', async () => {
    const topic = `base/long${protocolVersion}/read`;
    const connection = await connectTo(mosquitto.url);
    await observer.sees(STATE, 'online');
    await inStep(connection, observer);
    const before = observer.of(STATE);
    const heard: string[] = [];
    await observer.publish(topic, 'x'.repeat(3_000_000), true);
    connection.subscribe(topic, (payload) => heard.push(payload));
    // More than a broker sends before it waits for what was not acknowledged.
    for (let each = 0; each < 30; each++) await observer.publish(topic, 'y'.repeat(600_000));
    await observer.publish(topic, 'z'.repeat(400_000));
    await observer.publish(topic, 'READ');
    await eventually(() => heard.length > 1);
    expect(heard.map((payload) => payload.length)).toEqual([400_000, 4]);
    expect(logger.matching(/warn .*of 3000 kB at base\/long\d\/read is not read/)).toHaveLength(1);
    expect(observer.of(STATE)).toEqual(before);
    expect(logger.matching(/info Connected to/)).toHaveLength(1);
    await observer.publish(topic, '', true);
  });

  it('refuses a user it does not know, and takes us once it does', async () => {
    const username = `late${protocolVersion}`;
    const connection = await connectTo(mosquitto.url, { username });
    await eventually(() => logger.matching(/warn .*check mqtt\.username and mqtt\.password/).length);
    expect(connection.connected).toBe(false);
    mosquitto.allow(username);
    await eventually(() => connection.connected);
    expect(logger.all.join()).not.toContain(mosquitto.password);
  });

  it('hears offline from us when we stop, and keeps nothing that we cleared', async () => {
    const connection = await connectTo(mosquitto.url);
    connection.publish('base/2/state', '{}');
    await observer.sees('base/2/state', '{}');
    connection.clear('base/2/state');
    await eventually(() => observer.latest('base/2/state') === undefined);
    await connection.stop();
    await observer.sees(STATE, 'offline');
    const late = await mosquitto.observer();
    cleanups.push(() => late.end());
    await late.sees(STATE, 'offline');
    expect(late.of('base/2/state')).toEqual([]);
  });

  it('leaves no timer and no socket in this process after stop()', async () => {
    const connection = await connectTo(mosquitto.url);
    await observer.sees(STATE, 'online');
    await observer.end();
    await connection.stop();
    await eventually(() => !process.getActiveResourcesInfo().some((kind) => /TCP/.test(kind)));
  });
});

describe.skipIf(!present)('two clients with one id at a real Mosquitto', () => {
  it('are found out', async () => {
    const mosquitto = await new Mosquitto().start();
    const logger = new CollectingLogger();
    const connections = [1, 2].map(
      () =>
        new MqttConnection({
          settings: settingsFor(mosquitto.url, {
            username: 'observer',
            password: mosquitto.password,
            clientId: 'twin',
            protocolVersion: 5,
          }),
          stateTopic: STATE,
          clock: systemClock,
          random: Math.random,
          logger,
          reconnectDelay: { first: 50, longest: 200 },
        }),
    );
    for (const connection of connections) connection.start();
    await eventually(
      () => logger.matching(/another client (with the same id|using the same mqtt\.clientId)/).length,
    );
    for (const connection of connections) await connection.stop();
    await mosquitto.remove();
  });
});
