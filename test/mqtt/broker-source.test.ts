import { describe, expect, it, onTestFinished } from 'vitest';
import type { BrokerSource } from '../../src/mqtt/broker-list.ts';
import type { BrokerAccess } from '../../src/mqtt/broker-url.ts';
import { MqttConnection } from '../../src/mqtt/connection.ts';
import { type Clock, systemClock } from '../../src/shared/clock.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { eventually } from '../support/eventually.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { settingsFor } from './support/settings.ts';
import { TestBroker } from './support/test-broker.ts';

async function brokerWith(username: string, password: string): Promise<TestBroker> {
  const broker = new TestBroker();
  broker.credentials = { username, password };
  await broker.start();
  onTestFinished(() => broker.stop());
  return broker;
}

function connected(source: BrokerSource, clock: Clock = systemClock) {
  const logger = new CollectingLogger();
  const connection = new MqttConnection({
    settings: settingsFor('mqtt://nowhere.invalid'),
    source,
    clock,
    random: () => 0,
    logger,
    reconnectDelay: { first: 10, longest: 20 },
  });
  connection.start();
  onTestFinished(() => connection.stop());
  return { connection, logger };
}

describe('a broker that somebody else knows', () => {
  it('is waited for while there is none, which is said once, and used when there is one', async () => {
    const broker = await brokerWith('heat', 'pw');
    let access: BrokerAccess | undefined;
    let asked = 0;
    const { connection, logger } = connected(async () => {
      asked++;
      return access;
    });
    await eventually(() => asked > 3);
    expect(logger.matching(/warn .*There is no MQTT broker yet/)).toHaveLength(1);
    expect(connection.state).toEqual({
      connected: false,
      address: undefined,
      problem: expect.stringMatching(/no MQTT broker yet.*Mosquitto/),
    });
    access = { url: broker.url, username: 'heat', password: 'pw' };
    await eventually(() => connection.connected);
    expect(connection.state).toEqual({ connected: true, address: broker.url, problem: undefined });
  });

  it('is asked for again with each attempt, so that a new password or place counts', async () => {
    const broker = await brokerWith('heat', 'new');
    const passwords = ['old', 'older', 'new'];
    const { connection, logger } = connected(async () => ({
      url: broker.url,
      username: 'heat',
      password: passwords.shift() ?? '',
    }));
    await eventually(() => connection.connected);
    expect(passwords).toEqual([]);
    expect(logger.matching(/warn .*refuses the user name or password/)).toHaveLength(1);
  });

  it('whose place cannot be learnt is asked for again, and the reason is said once', async () => {
    const broker = await brokerWith('heat', 'pw');
    let failures = 3;
    const { connection, logger } = connected(async () => {
      if (failures-- > 0) throw new Error('The one who knows is away.');
      return { url: broker.url, username: 'heat', password: 'pw' };
    });
    await eventually(() => connection.connected);
    expect(logger.said('warn')).toEqual(['The one who knows is away. Trying again until it works.']);
  });

  it('is not asked for any more after stop()', async () => {
    let asked = 0;
    let aborted = false;
    const clock = new FakeClock();
    const { connection } = connected((signal) => {
      asked++;
      return new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          aborted = true;
          resolve(undefined);
        });
      });
    }, clock);
    await connection.stop();
    await clock.advance(60_000);
    expect({ asked, aborted }).toEqual({ asked: 1, aborted: true });
    expect(clock.pendingTimers).toBe(0);
  });
});
