import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MqttConnection } from '../../src/mqtt/connection.ts';
import type { MqttSettings } from '../../src/mqtt/session.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { eventually } from '../support/eventually.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { inStep } from './support/in-step.ts';
import { LOCALHOST_CERTIFICATE, LOCALHOST_KEY } from './support/localhost-certificate.ts';
import { Observer } from './support/observer.ts';
import { settingsFor } from './support/settings.ts';
import { TcpProxy } from './support/tcp-proxy.ts';
import { TestBroker } from './support/test-broker.ts';

describe('mqtt connection', () => {
  const STATE = 'base/bridge/state';

  let broker: TestBroker;
  let logger: CollectingLogger;
  const cleanups: (() => Promise<void>)[] = [];

  beforeEach(async () => {
    logger = new CollectingLogger();
    broker = await new TestBroker().start();
  });

  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
    await broker.stop();
  });

  function connectionTo(url: string, changed: Partial<MqttSettings> = {}): MqttConnection {
    const connection = new MqttConnection({
      settings: settingsFor(url, changed),
      stateTopic: STATE,
      clock: systemClock,
      random: Math.random,
      logger,
      reconnectDelay: { first: 30, longest: 100 },
    });
    cleanups.push(() => connection.stop());
    return connection;
  }

  async function observe(url = broker.url): Promise<Observer> {
    const observer = await Observer.connect(url);
    cleanups.push(() => observer.end());
    return observer;
  }

  describe('what others see at the broker', () => {
    it('says online and publishes, all of it retained', async () => {
      const connection = connectionTo(broker.url);
      expect(connection.connected).toBe(false);
      connection.start();
      connection.publish('base/1/state', '{"a":1}');
      await eventually(() => connection.connected);
      const before = await observe();
      await before.sees('base/1/state', '{"a":1}');
      await before.sees(STATE, 'online');
      expect((await observe()).of('nothing')).toEqual([]);
      const late = await observe();
      await late.sees(STATE, 'online');
      expect(late.messages.every(({ retained }) => retained)).toBe(true);
    });

    it('sends a payload once a connection, and each change', async () => {
      const observer = await observe();
      const connection = connectionTo(broker.url);
      connection.start();
      for (const payload of ['1', '1', '2']) {
        connection.publish('t', payload);
        await observer.sees('t', payload);
      }
      connection.publish('t', '2');
      connection.publish('end', 'x');
      await observer.sees('end', 'x');
      expect(observer.of('t')).toEqual(['1', '2']);
    });

    it('sends everything once more when asked', async () => {
      const observer = await observe();
      const connection = connectionTo(broker.url);
      connection.start();
      connection.publish('t', '1');
      await observer.sees('t', '1');
      connection.republish();
      await eventually(() => observer.of('t').length === 2 && observer.of(STATE).length === 2);
    });

    it('empties a topic', async () => {
      const observer = await observe();
      const connection = connectionTo(broker.url);
      connection.start();
      connection.publish('t', '1');
      await observer.sees('t', '1');
      connection.clear('t');
      await eventually(() => observer.latest('t') === undefined);
      expect((await observe()).of('t')).toEqual([]);
    });

    it('says offline for us when the line is cut, and we say online again', async () => {
      const line = await new TcpProxy(broker.port).start();
      const observer = await observe();
      const connection = connectionTo(line.url);
      connection.start();
      await observer.sees(STATE, 'online');
      line.cut();
      await observer.sees(STATE, 'offline');
      line.mend();
      await observer.sees(STATE, 'online');
      expect(logger.matching(/warn .*closed the connection/)).toHaveLength(1);
      await line.stop();
    });

    it('gives a topic that is published once to this connection only', async () => {
      const connection = connectionTo(broker.url);
      connection.publishOnce('t', 'lost');
      connection.start();
      const observer = await observe();
      await observer.sees(STATE, 'online');
      connection.publishOnce('t', 'sent');
      await observer.sees('t', 'sent');
      expect(observer.of('t')).toEqual(['sent']);
    });

    it('sends without leaving anything at the broker, and only while there is one', async () => {
      const connection = connectionTo(broker.url);
      expect(connection.send('t', 'lost', () => {})).toBe(false);
      connection.start();
      const observer = await observe();
      await observer.sees(STATE, 'online');
      await new Promise<unknown>((done) => connection.send('t', 'sent', done));
      await observer.sees('t', 'sent');
      const late = await observe();
      await late.sees(STATE, 'online');
      expect([observer.of('t'), late.of('t')]).toEqual([['sent'], []]);
    });

    it('says offline when it stops', async () => {
      const observer = await observe();
      const connection = connectionTo(broker.url);
      connection.start();
      await observer.sees(STATE, 'online');
      await connection.stop();
      await observer.sees(STATE, 'offline');
      expect(connection.connected).toBe(false);
      await eventually(() => broker.clients === 1);
      await connection.stop();
    });
  });

  describe('when the broker comes and goes', () => {
    it('publishes the newest when a broker appears that was away at the start', async () => {
      await broker.goAway();
      const connection = connectionTo(broker.url);
      connection.start();
      connection.publish('t', 'old');
      connection.publish('t', 'new');
      connection.clear('gone');
      await eventually(() => broker.attempts > 3);
      expect(logger.matching(/warn/)).toEqual([expect.stringContaining('closes the connection')]);
      await broker.comeBack();
      const observer = await observe();
      await observer.sees('t', 'new');
      expect(observer.of('t')).toEqual(['new']);
    });

    it('publishes everything again to a broker that has lost its memory', async () => {
      const connection = connectionTo(broker.url);
      const heard: string[] = [];
      let connections = 0;
      connection.onConnected(() => connections++);
      connection.subscribe('ask', (payload) => heard.push(payload));
      connection.start();
      connection.publish('t', '1');
      await eventually(() => connection.connected);
      await broker.goAway();
      await eventually(() => !connection.connected);
      connection.publish('t', '2');
      await broker.comeBack();
      await eventually(() => connection.connected);
      const observer = await observe();
      await observer.sees('t', '2');
      await observer.sees(STATE, 'online');
      await inStep(connection, observer);
      await observer.publish('ask', 'still there?');
      await eventually(() => heard.length === 1);
      expect(connections).toBe(2);
    });

    it('recovers by itself from a refused password', async () => {
      broker.credentials = { username: 'heat', password: 'right' };
      const connection = connectionTo(broker.url, { username: 'heat', password: 'wrong-one' });
      connection.start();
      await eventually(() => broker.attempts > 3);
      expect(logger.matching(/warn/)).toEqual([expect.stringContaining('user name or password')]);
      broker.credentials = { username: 'heat', password: 'wrong-one' };
      await eventually(() => connection.connected);
      expect(logger.all.join()).not.toContain('wrong-one');
    });

    it('says so when another client takes our id again and again', async () => {
      const connection = connectionTo(broker.url, { clientId: 'twin' });
      connection.start();
      await eventually(() => connection.connected);
      connectionTo(broker.url, { clientId: 'twin' }).start();
      await eventually(() => logger.matching(/same mqtt\.clientId/).length);
    });
  });

  describe('listening', () => {
    it('tells retained messages from new ones', async () => {
      const observer = await observe();
      await observer.publish('ask', 'before', true);
      const connection = connectionTo(broker.url);
      const heard: [string, boolean][] = [];
      connection.start();
      await eventually(() => connection.connected);
      const end = connection.subscribe('ask', (payload, retained) => heard.push([payload, retained]));
      await eventually(() => heard.length === 1);
      await observer.publish('ask', 'now', true);
      await eventually(() => heard.length === 2);
      expect(heard).toEqual([
        ['before', true],
        ['now', false],
      ]);
      end();
      end();
      await observer.publish('ask', 'unheard');
      await inStep(connection, observer);
      expect(heard).toHaveLength(2);
    });

    it('goes on when a listener fails', async () => {
      const connection = connectionTo(broker.url);
      const heard: string[] = [];
      connection.onConnected(() => {
        throw new Error('first trouble');
      });
      const unlisten = connection.onConnected(() => heard.push('unlistened'));
      unlisten();
      connection.onConnected(() => heard.push('connected'));
      connection.subscribe('ask', () => {
        throw new Error('second trouble');
      });
      connection.subscribe('ask', (payload) => heard.push(payload));
      connection.start();
      await eventually(() => connection.connected);
      const observer = await observe();
      await inStep(connection, observer);
      await observer.publish('ask', 'hello');
      await eventually(() => heard.includes('hello'));
      expect(heard).toEqual(['connected', 'hello']);
      expect(logger.matching(/error .*(first|second) trouble/)).toHaveLength(2);
    });

    it('says once that the broker does not let it listen', async () => {
      broker.forbidden.add('secret');
      const connection = connectionTo(broker.url);
      connection.subscribe('secret', () => {});
      connection.start();
      await eventually(() => logger.matching(/warn .*refuses listening to secret/).length);
    });
  });

  describe('TLS', () => {
    let tlsBroker: TestBroker;
    let caFile: string;

    beforeEach(async () => {
      tlsBroker = await new TestBroker({ key: LOCALHOST_KEY, cert: LOCALHOST_CERTIFICATE }).start();
      cleanups.push(() => tlsBroker.stop());
      caFile = join(temporaryFolder(), 'ca.pem');
    });

    it('does not trust a certificate that nobody vouches for, and says what to do', async () => {
      connectionTo(tlsBroker.url).start();
      await eventually(() => logger.matching(/not trusted.*mqtt\.ca/).length);
    });

    it('trusts the authority of mqtt.ca, also when its file comes later', async () => {
      const connection = connectionTo(tlsBroker.url, { ca: caFile });
      connection.start();
      await eventually(() => logger.matching(/mqtt\.ca.*cannot be read/).length);
      writeFileSync(caFile, LOCALHOST_CERTIFICATE);
      await eventually(() => connection.connected);
    });

    it('trusts anyone when told so', async () => {
      const connection = connectionTo(tlsBroker.url, { rejectUnauthorized: false });
      connection.start();
      await eventually(() => connection.connected);
    });

    it('hints at TLS when a plain connection is closed without an answer', async () => {
      connectionTo(tlsBroker.url.replace('mqtts', 'mqtt')).start();
      await eventually(() => logger.matching(/TLS \(mqtts:\/\/\)/).length);
    });
  });
});

describe('unreadable certificate', () => {
  it('a certificate that is no certificate, half written for example, is complained about and tried again', async () => {
    const folder = temporaryFolder({ 'cert.pem': 'half a certif', 'key.pem': 'half a key' });
    const clock = new FakeClock();
    const logger = new CollectingLogger();
    const files = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
    const settings = settingsFor('mqtts://localhost:1', files);
    const connection = new MqttConnection({ settings, clock, random: () => 0, logger });
    connection.start();
    await clock.advance(5_000);
    expect(logger.said('warn')).toHaveLength(1);
    expect(clock.pendingTimers).toBe(1);
    await connection.stop();
    expect(clock.pendingTimers).toBe(0);
  });
});
