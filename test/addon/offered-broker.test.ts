import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it, onTestFinished } from 'vitest';
import { offeredBroker } from '../../src/addon/offered-broker.ts';
import { SupervisorClient } from '../../src/addon/supervisor-client.ts';
import { hasCode, messageOf } from '../../src/shared/errors.ts';
import { Secrets } from '../../src/shared/secrets.ts';
import { FakeSupervisor } from '../support/fake-supervisor.ts';

describe('addon', () => {
  const NEVER = new AbortController().signal;
  const NOTHING = { username: '', password: '' };

  async function offered(service: Readonly<Record<string, unknown>>, own = NOTHING) {
    const supervisor = await FakeSupervisor.start();
    supervisor.provide(service);
    const secrets = new Secrets();
    const environment = { SUPERVISOR_URL: supervisor.url, SUPERVISOR_TOKEN: supervisor.token };
    return { access: await offeredBroker(environment, own, secrets)(NEVER), secrets };
  }

  describe('the broker that Home Assistant offers', () => {
    const mosquitto = { host: 'core-mosquitto', port: 1883, username: 'addons', password: 'their-pw' };

    it('is used with its own credentials, and its password is kept from the log', async () => {
      const { access, secrets } = await offered(mosquitto);
      expect(access).toEqual({ url: 'mqtt://core-mosquitto:1883', username: 'addons', password: 'their-pw' });
      expect(secrets.hideIn('it is their-pw')).toBe('it is ***');
    });

    it.each([
      [
        { username: 'me', password: 'mine' },
        { username: 'me', password: 'mine' },
      ],
      [
        { username: 'me', password: '' },
        { username: 'me', password: '' },
      ],
      [
        { username: '', password: 'mine' },
        { username: 'addons', password: 'mine' },
      ],
    ])("is used with the user's own credentials: %j", async (own, used) => {
      expect((await offered(mosquitto, own)).access).toMatchObject(used);
    });

    it('may speak TLS and have an address of IPv6', async () => {
      const { access } = await offered({ host: 'fd00::1', port: 8883, ssl: true });
      expect(access?.url).toBe('mqtts://[fd00::1]:8883');
    });
  });
});

describe('supervisor client', () => {
  const NEVER = new AbortController().signal;

  function clientOf({ url, token }: { url: string; token: string }, timeout?: number): SupervisorClient {
    return new SupervisorClient({ url, token, ...(timeout && { timeout }) });
  }

  async function failureOf(asking: Promise<unknown>): Promise<string> {
    const error = await asking.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(hasCode(error, 'failed')).toBe(true);
    return messageOf(error);
  }

  describe('our own options', () => {
    const options = { meter: { name: 'Heating' }, mqtt: { password: '!secret mqtt' } };

    it('are told as they were written, stored whole, and come back with the secrets that they name', async () => {
      const supervisor = await FakeSupervisor.start();
      const reply = (data: unknown) => ({ status: 200, body: { result: 'ok', data } });
      supervisor.about.set('/addons/self/info', reply({ options }));
      supervisor.about.set('/addons/self/options', reply({}));
      const resolved = { ...options, mqtt: { password: 'hidden-word' } };
      supervisor.about.set('/addons/self/options/config', reply(resolved));
      const client = clientOf(supervisor);
      expect(await client.ownOptions(NEVER)).toEqual(options);
      expect(await client.saveOwnOptions(options, NEVER)).toEqual(resolved);
      expect(supervisor.sent).toEqual([['POST /addons/self/options', { options }]]);
    });

    it('are refused in its words, without our token', async () => {
      const supervisor = await FakeSupervisor.start();
      const message = `expected a list at meters, by ${supervisor.token}`;
      supervisor.about.set('/addons/self/options', { status: 400, body: { result: 'error', message } });
      expect(await failureOf(clientOf(supervisor).saveOwnOptions(options, NEVER))).toBe(
        "Home Assistant's Supervisor did not take the options (HTTP 400: expected a list at meters, by ***).",
      );
    });

    it('are not taken for none where it does not tell them', async () => {
      const supervisor = await FakeSupervisor.start();
      expect(await failureOf(clientOf(supervisor).ownOptions(NEVER))).toMatch(/does not tell our options/);
    });
  });

  describe("the Supervisor's MQTT service", () => {
    it('is the broker with its credentials', async () => {
      const supervisor = await FakeSupervisor.start();
      supervisor.provide({ host: 'core-mosquitto', port: 1883, username: 'addons', password: 'pw' });
      const service = await clientOf(supervisor).mqttService(NEVER);
      expect(service).toEqual({
        host: 'core-mosquitto',
        port: 1883,
        tls: false,
        username: 'addons',
        password: 'pw',
      });
      expect(supervisor.asked).toEqual(['GET /services/mqtt']);
    });

    it('may want no credentials, and may want TLS', async () => {
      const supervisor = await FakeSupervisor.start();
      supervisor.provide({ host: 'broker', port: '8883', ssl: true });
      expect(await clientOf(supervisor).mqttService(NEVER)).toEqual({
        host: 'broker',
        port: 8883,
        tls: true,
        username: '',
        password: '',
      });
    });

    it('is nothing while no add-on provides one', async () => {
      const supervisor = await FakeSupervisor.start();
      expect(await clientOf(supervisor).mqttService(NEVER)).toBeUndefined();
    });

    it.each([
      [{ status: 403, body: { result: 'error' } }, /does not let us ask .*HTTP 403.*anew/],
      [{ status: 400, body: { result: 'error', message: 'Bad thing' } }, /HTTP 400: Bad thing/],
      [{ status: 500, body: 'Internal <b>error</b>' }, /HTTP 500\)/],
      [{ status: 302, body: '' }, /cannot be reached \(unexpected redirect\)/],
      [
        { status: 200, body: { result: 'ok', data: { host: '', port: 1883 } } },
        /without a usable host and port/,
      ],
      [
        { status: 200, body: { result: 'ok', data: { host: 'x', port: 70_000 } } },
        /without a usable host and port/,
      ],
      [{ status: 200, body: { result: 'ok', data: 'nonsense' } }, /without a usable host and port/],
      [{ status: 200, body: ['nonsense'] }, /gave an answer that cannot be understood/],
      [{ status: 200, body: 'x'.repeat(100_000) }, /gave an answer that cannot be understood/],
    ])('says what is wrong with an answer: %j', async (reply, words) => {
      const supervisor = await FakeSupervisor.start();
      supervisor.reply = reply;
      const said = await failureOf(clientOf(supervisor).mqttService(NEVER));
      expect(said).toMatch(words);
      expect(said).not.toContain(supervisor.token);
    });

    it('says so when the token is not known', async () => {
      const supervisor = await FakeSupervisor.start();
      const said = await failureOf(clientOf({ url: supervisor.url, token: 'wrong-one' }).mqttService(NEVER));
      expect(said).toMatch(/HTTP 401/);
      expect(said).not.toContain('wrong-one');
    });

    it.each(['silence', 'drops'] as const)('is not waited for without end: %s', async (reply) => {
      const supervisor = await FakeSupervisor.start();
      supervisor.reply = reply;
      expect(await failureOf(clientOf(supervisor, 100).mqttService(NEVER))).toMatch(/no answer in time/);
    });

    it('is not waited for without end when the memory is tidied up meanwhile', async () => {
      setFlagsFromString('--expose-gc');
      const tidyUp: () => void = runInNewContext('gc');
      const supervisor = await FakeSupervisor.start();
      supervisor.reply = 'silence';
      const asking = failureOf(clientOf(supervisor, 500).mqttService(NEVER));
      const tidying = setInterval(tidyUp, 50);
      onTestFinished(() => clearInterval(tidying));
      expect(await asking).toMatch(/no answer in time/);
    });

    it('may repeat our token, which we do not', async () => {
      const supervisor = await FakeSupervisor.start();
      // Also where the token would be cut in two.
      const message = `${'x'.repeat(190)} ${supervisor.token} is ${supervisor.token}`;
      supervisor.reply = { status: 502, body: { message } };
      const said = await failureOf(clientOf(supervisor).mqttService(NEVER));
      expect(said).toMatch(/HTTP 502: x+ \*\*\*/);
      expect(said).not.toContain(supervisor.token.slice(0, 6));
    });

    it('is not waited for when we stop', async () => {
      const supervisor = await FakeSupervisor.start();
      supervisor.reply = 'silence';
      const stopping = new AbortController();
      const asking = failureOf(clientOf(supervisor).mqttService(stopping.signal));
      stopping.abort();
      expect(await asking).toMatch(/cannot be reached/);
    });

    it('says so when there is no Supervisor', async () => {
      const said = await failureOf(clientOf({ url: 'http://127.0.0.1:9', token: 'x' }).mqttService(NEVER));
      expect(said).toMatch(/cannot be reached/);
    });
  });
});
