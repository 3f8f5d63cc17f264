import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MqttConnection } from '../../src/mqtt/connection.ts';
import { RetainedScan } from '../../src/mqtt/retained-scan.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { eventually } from '../support/eventually.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { inStep } from './support/in-step.ts';
import { hasMosquitto, Mosquitto } from './support/mosquitto.ts';
import type { Observer } from './support/observer.ts';
import { settingsFor } from './support/settings.ts';

const STATE = 'base/bridge/state';
const METER = 'base/1/state';

/** By MQTT 3.1.1, by which a Mosquitto confirms whatever it throws away. */
describe.skipIf(!hasMosquitto())('the rules of a real Mosquitto', () => {
  let mosquitto: Mosquitto;
  let clock: FakeClock;
  let logger: CollectingLogger;
  let observer: Observer;
  const cleanups: (() => Promise<void>)[] = [];

  beforeEach(() => {
    mosquitto = new Mosquitto();
    clock = new FakeClock();
    logger = new CollectingLogger();
  });

  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
    await mosquitto.remove();
  });

  /** Looks at what an earlier run has left, as the bridge does, and publishes something new. */
  async function connectTo(
    rules: readonly string[] | undefined,
    payload = 'here',
    before = '',
  ): Promise<MqttConnection> {
    // Marks tell that all has arrived.
    mosquitto.rules = rules && [...rules, 'topic readwrite mark/#'];
    await mosquitto.start();
    mosquitto.allow('heat');
    observer = await mosquitto.observer();
    cleanups.push(() => observer.end());
    if (before !== '') await observer.publish(METER, before, true);
    const settings = settingsFor(mosquitto.url, { username: 'heat', password: mosquitto.password });
    const connection = new MqttConnection({
      settings,
      stateTopic: STATE,
      own: ['base/#', 'homeassistant/#'],
      clock,
      random: Math.random,
      logger,
    });
    cleanups.push(() => connection.stop());
    let isPublished = false;
    const scan = new RetainedScan(connection, clock, [METER], {
      started: () => {},
      received: () => {},
      complete: () => {
        scan.stop();
        connection.publish(METER, payload);
        isPublished = true;
      },
    });
    scan.start();
    connection.start();
    await inTime(() => isPublished && connection.isTaken(METER));
    return connection;
  }

  /** Time passes as fast as the broker answers. */
  async function inTime(probe: () => unknown): Promise<void> {
    await eventually(async () => {
      await observer.publish('tick', 'tack');
      await clock.advance(50);
      return probe();
    });
  }

  /** Longer than it takes to find out anything. */
  async function aWhile(connection: MqttConnection): Promise<void> {
    for (let time = 0; time < 10; time++) {
      await inStep(connection, observer);
      await clock.advance(1_500);
    }
  }

  it('that forbid one topic: it is named with the rule, and the rest works', async () => {
    const connection = await connectTo(
      ['topic read base/#', 'topic write base/2/#', 'topic write base/bridge/#'],
      'here',
      'of an earlier run',
    );
    await inTime(() => logger.said('warn').length > 0);
    expect(logger.said('warn')).toEqual([
      expect.stringMatching(
        /refuses publishing to base\/1\/state: allow it this user; in the acl_file of Mosquitto this is "topic readwrite base\/#"/,
      ),
    ]);
    expect(connection.state.problem).toContain('base/1/state');
    expect(observer.of(METER)).toEqual(['of an earlier run']);
    await inTime(() => connection.connected);
    connection.publish('base/2/state', 'here');
    await observer.sees('base/2/state', 'here');
    await aWhile(connection);
    expect(logger.said('warn')).toHaveLength(1);
    expect(observer.of(STATE)).not.toContain('offline');
  });

  it('that let this user listen and not publish: each topic is named', async () => {
    const connection = await connectTo(['topic read base/#']);
    await inTime(() => connection.state.problem?.includes(METER) && connection.state.problem.includes(STATE));
    expect(observer.of(METER)).toEqual([]);
  });

  it.each([
    { title: 'publish and not listen', rules: ['topic write base/#'] },
    {
      title: 'publish, and listen where it has to',
      rules: ['topic write base/#', 'topic read base/+/read', `topic read ${STATE}`],
    },
  ])('that let this user $title are no reason for an alarm', async ({ rules }) => {
    const connection = await connectTo(rules);
    await inTime(() => logger.matching(/does not let this user listen there/).length);
    expect(
      logger.matching(/info .*takes what is published to .*base\/1\/state.*That does no harm/),
    ).toHaveLength(1);
    await observer.sees(METER, 'here');
    await aWhile(connection);
    expect(logger.said('warn')).toEqual([]);
    expect(connection.state.problem).toBeUndefined();
  });

  it('that allow all: it is looked at once, and nobody is asked', async () => {
    const connection = await connectTo(undefined);
    await aWhile(connection);
    expect(logger.all).toEqual([expect.stringMatching(/^info Connected to/)]);
    expect(connection.state.problem).toBeUndefined();
    expect(clock.pendingTimers).toBe(0);
  });

  it('and its message_size_limit, beyond which it throws away a message', async () => {
    mosquitto.settings.push('message_size_limit 2000');
    const connection = await connectTo(undefined, 'x'.repeat(3_000));
    await inTime(() => connection.refusals.of('publish', METER));
    expect(connection.refusals.of('publish', METER)).toMatchObject({ shorterMayPass: true });
    expect(logger.matching(/base\/1\/state.*30\d\d bytes are more than it takes/)).toHaveLength(1);
    connection.publish(METER, 'short');
    await inTime(() => observer.latest(METER) === 'short');
    await aWhile(connection);
    expect(logger.matching(/does not let this user listen/)).toEqual([]);
  });

  it('and its message_size_limit, which a message goes beyond when others of the topic have come back', async () => {
    mosquitto.settings.push('message_size_limit 2000');
    const connection = await connectTo(undefined);
    await aWhile(connection);
    connection.publish(METER, 'x'.repeat(3_000));
    await inTime(() => connection.refusals.of('publish', METER)?.shorterMayPass);
    expect(observer.of(METER)).toEqual(['here']);
  });
});
