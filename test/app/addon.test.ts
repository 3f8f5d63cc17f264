import { describe, expect, it } from 'vitest';
import { offeredBroker } from '../../src/app/addon.ts';
import { Secrets } from '../../src/log/secrets.ts';
import { FakeSupervisor } from '../support/fake-supervisor.ts';

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
