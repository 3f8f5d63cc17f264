import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { MqttConnection } from '../../src/mqtt/connection.ts';
import { brokerAddress, ConnectionReport, connectionProblem } from '../../src/mqtt/report.ts';
import type { MqttSettings } from '../../src/mqtt/session.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { eventually } from '../support/eventually.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { namesAre } from '../support/name-service.ts';
import { ScriptedBroker } from './support/scripted-broker.ts';
import { settingsFor } from './support/settings.ts';

describe('connection problem', () => {
  function problem(code: string | number, message = ''): string {
    return connectionProblem(Object.assign(new Error(message), { code }));
  }

  const refused = Object.assign(new Error(), { code: 'ECONNREFUSED' });
  const noWay = Object.assign(new Error(), { code: 'ENETUNREACH' });
  const refusedTwice = Object.assign(new AggregateError([noWay, refused]), { code: 'ENETUNREACH' });

  describe('connectionProblem', () => {
    it.each([
      ['ENOTFOUND', /host name that is not known/],
      ['EAI_AGAIN', /cannot be looked up now/],
      ['ECONNREFUSED', /is the broker running/],
      ['EHOSTUNREACH', /cannot be reached/],
      ['ETIMEDOUT', /does not answer/],
      ['ECONNRESET', /TLS/],
      ['EPROTO', /does not speak TLS/],
      ['DEPTH_ZERO_SELF_SIGNED_CERT', /not trusted/],
      ['SELF_SIGNED_CERT_IN_CHAIN', /not trusted/],
      ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', /not trusted/],
      ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', /not trusted/],
      ['CERT_HAS_EXPIRED', /expired/],
      ['CERT_NOT_YET_VALID', /clock/],
      ['ERR_TLS_CERT_ALTNAME_INVALID', /another name/],
      ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', /agree with us on TLS/],
      [142, /same id/],
    ])('%s', (code, text) => {
      expect(problem(code)).toMatch(text);
    });

    it.each([
      [new Error('connack timeout'), /is this an MQTT port/],
      [new Error('Keepalive timeout'), /does not answer any more/],
      [new Error('something new'), /something new/],
      ['not even an error', /not even an error/],
      [null, /cannot be used: no reason was given/],
      [{ code: true }, /cannot be used/],
      // What a broker may say as it closes (MQTT 5, section 3.14.2.1).
      [{ code: 147 }, /cannot be used: error code 147/],
      [refusedTwice, /is the broker running/],
    ])('%s', (error, text) => {
      expect(connectionProblem(error)).toMatch(text);
    });
  });
});

describe('connection report', () => {
  const cleanups: (() => Promise<void>)[] = [];

  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });

  /** The log of a connection that goes through `attempts` attempts. */
  async function logOf(url: string, changed: Partial<MqttSettings> = {}, attempts = 1): Promise<string[]> {
    const logger = new CollectingLogger();
    const clock = new FakeClock();
    const connection = new MqttConnection({
      settings: settingsFor(url, changed),
      stateTopic: 'base/bridge/state',
      clock,
      random: () => 0,
      logger,
    });
    cleanups.push(() => connection.stop());
    connection.start();
    for (let attempt = 1; attempt <= attempts; attempt++) {
      await eventually(() => !connection.connected && clock.pendingTimers === 1);
      if (attempt < attempts) await clock.advance(60_000);
    }
    return logger.told;
  }

  async function answering(bytes: readonly number[]): Promise<string> {
    const broker = await new ScriptedBroker(bytes).start();
    cleanups.push(() => broker.stop());
    return broker.url;
  }

  describe('the log says what is wrong and what to do', () => {
    it.each([
      [1, /another version of MQTT/],
      [2, /client id/],
      [3, /still be starting/],
      [4, /user name or password/],
      [5, /does not let us in/],
    ])('when an MQTT 3.1.1 broker refuses with code %i', async (code, text) => {
      const lines = await logOf(await answering([0x20, 2, 0, code]));
      expect(lines).toHaveLength(1);
      expect(lines[0]).toMatch(text);
    });

    it.each([
      [132, /another version of MQTT/],
      [133, /client id/],
      [134, /user name or password/],
      [135, /does not let us in/],
      [136, /still be starting/],
    ])('when an MQTT 5 broker refuses with code %i', async (code, text) => {
      const lines = await logOf(await answering([0x20, 3, 0, code, 0]), { protocolVersion: 5 });
      expect(lines).toHaveLength(1);
      expect(lines[0]).toMatch(text);
    });

    it('when an MQTT 5 broker gives our place to a twin', async () => {
      const connackThenDisconnect = [0x20, 3, 0, 0, 0, 0xe0, 2, 142, 0];
      const lines = await logOf(await answering(connackThenDisconnect), { protocolVersion: 5 });
      expect(lines.at(-1)).toMatch(/another client with the same id/);
    });

    it('when what answers is not a broker', async () => {
      const lines = await logOf(await answering([...Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')]));
      expect(lines[0]).toMatch(/^warn The MQTT broker .* (cannot be used|closes the connection)/);
    });

    it('once, however often it happens', async () => {
      expect(await logOf(await answering([0x20, 2, 0, 4]), {}, 4)).toHaveLength(1);
    });

    it.each([
      'localhost',
      'http://localhost:1883',
      'not an address',
      '',
    ])('when the address is no MQTT address: %j', async (url) => {
      const lines = await logOf(url);
      expect(lines[0]).toMatch(/mqtt\.url is not an MQTT address; write it like mqtt:\/\/host:1883/);
    });

    it.each(['ca', 'cert', 'key'] as const)('when the file of mqtt.%s is not there', async (setting) => {
      const lines = await logOf('mqtts://localhost:1', { [setting]: '/no/such/file.pem' });
      expect(lines[0]).toContain(`the file of mqtt.${setting}, /no/such/file.pem, cannot be read`);
    });

    it('never with credentials', async () => {
      const lines = await logOf('mqtt://heat:hidden@localhost:1', { password: 'hidden-too' });
      expect(lines.join()).not.toMatch(/hidden|heat/);
      expect(brokerAddress('mqtts://heat:hidden@broker.lan:8883/path?token=hidden')).toBe(
        'mqtts://broker.lan:8883',
      );
      expect(brokerAddress('mqtt:hidden')).not.toContain('hidden');
      expect(brokerAddress('//hidden@host')).not.toContain('hidden');
    });
  });

  it('a broker whose name has several addresses is told like any other', async () => {
    namesAre(['127.0.0.1', '127.0.0.2']);
    const lines = await logOf('mqtt://broker.example:9');
    expect(lines[0]).toMatch(/broker\.example:9 refuses the connection: is the broker running/);
  });

  it('a broker that cannot be reached in time is not one that keeps silent', async () => {
    namesAre(undefined);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const logger = new CollectingLogger();
    const connection = new MqttConnection({
      settings: settingsFor('mqtt://broker.example'),
      clock: new FakeClock(),
      random: () => 0,
      logger,
    });
    connection.start();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(logger.all).toEqual([expect.stringMatching(/broker\.example does not answer: check the network/)]);
    await connection.stop();
  });

  describe('a connection in use that is cut', () => {
    it.each([
      'ECONNRESET',
      'EPIPE',
      'ECONNABORTED',
    ])('was closed, also where the system calls it %s', (code) => {
      const logger = new CollectingLogger();
      const report = new ConnectionReport({ clock: new FakeClock(), logger });
      report.trying('mqtt://localhost:1883');
      report.opened();
      report.closed(Object.assign(new Error(code), { code }), true);
      expect(logger.said('warn')).toEqual([
        'The MQTT broker mqtt://localhost:1883 closed the connection. Trying again until it works.',
      ]);
    });
  });
});

describe('a day with a broker', () => {
  const MINUTE = 60_000;
  const A_DAY = 24 * 60;
  const refused = Object.assign(new Error(), { code: 'ECONNREFUSED' });

  /** What is told on a day of which each minute is the same. */
  async function told(minute: (report: ConnectionReport, clock: FakeClock) => Promise<void>) {
    const [clock, logger] = [new FakeClock(), new CollectingLogger()];
    const report = new ConnectionReport({ clock, logger });
    report.trying('mqtt://broker:1883');
    for (let passed = 0; passed < A_DAY; passed++) await minute(report, clock);
    const lines = (): string[] => logger.told;
    return { report, clock, lines };
  }

  it('that refuses takes few lines, and its end is told at once', async () => {
    const { report, lines } = await told(async (broken, clock) => {
      broken.closed(refused, false);
      await clock.advance(MINUTE);
    });
    expect(lines().length).toBeLessThan(25);
    expect(lines()[0]).toMatch(/is the broker running, and is the port in mqtt\.url right\?/);
    report.opened();
    expect(lines().at(-1)).toBe(
      'info Connected to the MQTT broker mqtt://broker:1883. The trouble lasted 24 h 0 min, and was met 1440 times.',
    );
    expect(report.problem).toBeUndefined();
  });

  it('that lets us in and throws us out each minute takes few lines', async () => {
    const { report, clock, lines } = await told(async (flapping, time) => {
      flapping.opened();
      await time.advance(10_000);
      flapping.settled();
      await time.advance(MINUTE - 10_000);
      flapping.closed(undefined, true);
    });
    expect(lines().length).toBeLessThan(25);
    expect(report.problem).toMatch(/closed the connection/);
    report.opened();
    expect(report.problem).toBeUndefined();
    await clock.advance(60 * MINUTE);
    expect(lines().at(-1)).toMatch(/^info Connected/);
    report.stop();
  });

  it('that takes turns with another one takes few lines, and each of them is told', async () => {
    const { lines } = await told(async (broken, clock) => {
      for (const url of ['mqtt://one:1883', 'mqtt://two:1883']) {
        broken.trying(url);
        broken.closed(refused, false);
        await clock.advance(MINUTE / 2);
      }
    });
    expect(lines().length).toBeLessThan(25);
    expect(lines().slice(0, 2).join()).toMatch(/one:1883.*two:1883/);
  });

  it('that is not there, tried over the network, takes few lines', async () => {
    const [clock, logger] = [new FakeClock(), new CollectingLogger()];
    const reconnectDelay = { first: 10 * MINUTE, longest: 12.5 * MINUTE };
    const parts = { clock, logger, random: () => 0, reconnectDelay };
    const connection = new MqttConnection({ settings: settingsFor('mqtt://localhost:1'), ...parts });
    connection.start();
    for (let attempt = 0; attempt < A_DAY / 10; attempt++) {
      await eventually(() => clock.pendingTimers === 1);
      await clock.advance(10 * MINUTE);
    }
    await connection.stop();
    expect(logger.said('warn').length).toBeLessThan(25);
    expect(clock.pendingTimers).toBe(0);
  });
});
