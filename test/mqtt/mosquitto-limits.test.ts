import { afterEach, describe, expect, it } from 'vitest';
import { MqttConnection } from '../../src/mqtt/connection.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { eventually } from '../support/eventually.ts';
import { inStep } from './support/in-step.ts';
import { hasMosquitto, Mosquitto } from './support/mosquitto.ts';
import type { Observer } from './support/observer.ts';
import { settingsFor } from './support/settings.ts';

const STATE = 'base/bridge/state';
const LONG = 'x'.repeat(3_000);

describe.skipIf(!hasMosquitto())('what a real Mosquitto does not take', () => {
  const cleanups: (() => Promise<void>)[] = [];
  let logger: CollectingLogger;
  let observer: Observer;

  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });

  async function connectTo(
    settings: readonly string[],
    rules?: readonly string[],
    protocolVersion: 4 | 5 = 5,
  ): Promise<MqttConnection> {
    const mosquitto = new Mosquitto();
    cleanups.push(() => mosquitto.remove());
    mosquitto.rules = rules;
    mosquitto.settings.push(...settings);
    await mosquitto.start();
    mosquitto.allow('heat');
    observer = await mosquitto.observer();
    cleanups.push(() => observer.end());
    logger = new CollectingLogger();
    const connection = new MqttConnection({
      settings: settingsFor(mosquitto.url, {
        username: 'heat',
        password: mosquitto.password,
        protocolVersion,
      }),
      stateTopic: STATE,
      own: ['base/#'],
      clock: systemClock,
      random: Math.random,
      logger,
      reconnectDelay: { first: 50, longest: 200 },
    });
    cleanups.push(() => connection.stop());
    connection.start();
    await eventually(() => connection.connected);
    return connection;
  }

  it('a message that is longer than it says is not even sent, told once, and the rest goes on', async () => {
    const connection = await connectTo(['max_packet_size 2000']);
    const done: unknown[] = [];
    connection.publish('base/1/long', LONG);
    connection.publishOnce('base/2/long', LONG, (error) => done.push(error));
    await eventually(() => done.length === 1);
    expect(done[0]).toBeInstanceOf(Error);
    expect(connection.refusals.of('publish', 'base/2/long')).toMatchObject({ shorterMayPass: true });
    expect(connection.isTaken('base/1/long')).toBe(true);
    connection.publish('base/1/state', 'short');
    await observer.sees('base/1/state', 'short');
    connection.publish('base/1/long', `${LONG}y`);
    await inStep(connection, observer);
    expect(logger.said('warn')).toEqual([
      expect.stringMatching(/takes messages of at most 2000 bytes, and the one for base\/1\/long has 30\d\d/),
      expect.stringMatching(/base\/2\/long has 30\d\d.*max_packet_size/),
    ]);
    expect(connection.state.problem).toMatch(/base\/1\/long has 30\d\d.*The same goes for base\/2\/long\.$/);
    connection.publish('base/1/long', 'y');
    await observer.sees('base/1/long', 'y');
    await eventually(() => !connection.state.problem?.includes('base/1/long'));
    expect(logger.matching(/Connected to/)).toHaveLength(1);
  });

  it('a payload beyond message_size_limit, of which it tells in a way that MQTT does not know', async () => {
    const connection = await connectTo(['message_size_limit 2000']);
    connection.publish('base/1/long', LONG);
    connection.publish('base/1/state', 'short');
    await eventually(() => connection.refusals.of('publish', 'base/1/long'));
    await observer.sees('base/1/state', 'short');
    expect(connection.refusals.of('publish', 'base/1/long')).toMatchObject({ shorterMayPass: true });
    expect(logger.matching(/base\/1\/long/)).toEqual([
      expect.stringMatching(/30\d\d bytes are more than it takes\. .*message_size_limit/),
    ]);
    await eventually(() => connection.connected);
    await inStep(connection, observer);
  });

  it('messages that it would have to keep: it gets them all the same, and says once what that means', async () => {
    const connection = await connectTo(['retain_available false']);
    connection.publish('base/1/state', 'here');
    await observer.sees('base/1/state', 'here');
    expect(logger.said('warn')).toEqual([expect.stringMatching(/keeps no messages/)]);
    expect(connection.state.problem).toMatch(/keeps no messages/);
  });

  it('a topic of another is told with the rule to add, whoever asks', async () => {
    const connection = await connectTo([], ['topic readwrite #', 'topic deny base/1/state']);
    const heard: string[] = [];
    connection.refusals.onRefused(({ topic }) => heard.push(topic));
    connection.publish('base/1/state', 'mine');
    await eventually(() => heard.length === 1);
    expect(connection.state.problem).toMatch(
      /refuses publishing to base\/1\/state: allow it this user; in the acl_file of Mosquitto this is "topic readwrite base\/#"/,
    );
    expect(connection.refusals.of('publish', 'base/1/state')).toMatchObject({ shorterMayPass: false });
    await inStep(connection, observer);
    expect(observer.of('base/1/state')).toEqual([]);
  });

  it('a message beyond max_packet_size over which it closes the connection without a word', async () => {
    const connection = await connectTo(['max_packet_size 10000'], undefined, 4);
    connection.publish('homeassistant/device/1/config', 'x'.repeat(26_000));
    connection.publish('base/1/state', 'here');
    const refused = () => connection.refusals.of('publish', 'homeassistant/device/1/config');
    await eventually(refused);
    await eventually(() => connection.connected);
    await observer.sees('base/1/state', 'here');
    expect(refused()).toMatchObject({ shorterMayPass: true });
    expect(logger.matching(/26\d\d\d bytes are more than it takes.*max_packet_size/)).toHaveLength(1);
    connection.publish('homeassistant/device/1/config', 'y'.repeat(5_000));
    await eventually(() => observer.latest('homeassistant/device/1/config')?.startsWith('y'));
    expect(logger.matching(/clientId/)).toEqual([]);
  });

  it.each(['max_qos 0', 'max_inflight_messages 2'])('goes by what it offers: %s', async (setting) => {
    const connection = await connectTo([setting]);
    for (let each = 0; each < 50; each++) connection.publish(`base/${each}/state`, 'here');
    await observer.sees('base/49/state', 'here');
    expect(logger.said('warn')).toEqual([]);
    expect(logger.matching(/Connected to/)).toHaveLength(1);
  });
});
