import { describe, expect, it, onTestFinished } from 'vitest';
import { askHealth } from '../../src/app/health-socket.ts';
import { TestBroker } from '../mqtt/support/test-broker.ts';
import { eventually } from '../support/eventually.ts';
import { FakeSupervisor } from '../support/fake-supervisor.ts';
import { freePort } from '../support/free-port.ts';
import { runCli } from '../support/run-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** `run` in this process, with the page on a free port, until the test ends. */
async function running(environment: Readonly<Record<string, string>>) {
  const stopping = new AbortController();
  const port = await freePort();
  const folder = temporaryFolder();
  const state = { err: '' };
  const ending = runCli(['run'], {
    environment: { WEB_ENABLED: 'true', WEB_PORT: String(port), DATA_DIR: folder, ...environment },
    signal: stopping.signal,
    onErr: (text) => {
      state.err += text;
    },
  });
  onTestFinished(async () => {
    stopping.abort();
    await ending;
  });
  const ask = (path: string, options?: RequestInit): Promise<Response> =>
    fetch(`http://127.0.0.1:${port}/${path}`, options);
  await eventually(async () => (await ask('healthz').catch(() => undefined))?.ok);
  return { state, folder, ask };
}

describe('the page of a running bridge', () => {
  it('shows meter, broker and log, and that the bridge moves', async () => {
    const broker = await new TestBroker().start();
    onTestFinished(() => broker.stop());
    const password = 'do-not-show-me';
    const { folder, ask, state } = await running({
      METER_PORT: '/dev/does-not-exist',
      METER_NAME: 'House & home',
      MQTT_URL: broker.url,
      MQTT_USERNAME: 'heat',
      MQTT_PASSWORD: password,
      LOG_LEVEL: 'debug',
    });
    await eventually(() => /Connected to the MQTT broker/.test(state.err));
    const shown = await (await ask('api/v1/state')).text();
    expect(JSON.parse(shown)).toMatchObject({
      needsSetup: false,
      outputs: [{ name: 'mqtt', state: 'works', address: broker.url }],
      meters: [{ name: 'House & home', online: null, reading: null }],
    });
    const log = await (await ask('api/v1/log')).text();
    expect(log).toContain('/dev/does-not-exist: there is no such port');
    expect(shown + log).not.toContain(password);
    expect((await ask('api/v1/meters/House%20%26%20home')).status).toBe(200);
    expect((await ask('api/v1/meters/House')).status).toBe(404);
    expect(await askHealth(folder)).toEqual([]);
  });

  it('takes a reading for who asks for one', async () => {
    const { ask, state } = await running({
      METER_PORT: '/dev/does-not-exist',
      METER_NAME: 'Heat meter',
      MQTT_ENABLED: 'false',
      CSV_ENABLED: 'true',
      CSV_DIRECTORY: temporaryFolder(),
    });
    const options = { method: 'POST', headers: { 'content-type': 'application/json' } };
    expect((await ask('api/v1/meters/Heat%20meter/read', options)).status).toBe(202);
    await eventually(() => /a reading was asked for/.test(state.err));
  });

  it('is shut where others reach it and nobody said who may, and the bridge goes on', async () => {
    const { ask, state } = await running({ METER_PORT: '/dev/does-not-exist', WEB_HOST: '0.0.0.0' });
    const answer = await ask('');
    expect([answer.status, await answer.text()]).toEqual([403, expect.stringContaining('Set web.password')]);
    expect((await ask('api/v1/state')).status).toBe(404);
    expect(state.err).toMatch(/warn.*The page is not shown: at web\.host 0\.0\.0\.0/);
    expect(state.err).toMatch(/no such port/);
  });

  it('asks for the password where there is one', async () => {
    const { ask } = await running({
      METER_PORT: '/dev/does-not-exist',
      WEB_HOST: '0.0.0.0',
      WEB_PASSWORD: 'warm water',
    });
    expect((await ask('api/v1/state')).status).toBe(401);
  });

  it('is not there unless it is wanted', async () => {
    const port = await freePort();
    const stopping = new AbortController();
    const ending = runCli(['run'], {
      environment: { METER_PORT: '/dev/none', WEB_PORT: String(port), DATA_DIR: temporaryFolder() },
      signal: stopping.signal,
    });
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
    stopping.abort();
    expect((await ending).code).toBe(0);
  });
});

describe('the bridge as an add-on', () => {
  it('takes the broker that the Supervisor names', async () => {
    const broker = new TestBroker();
    broker.credentials = { username: 'addons', password: 'from-the-supervisor' };
    await broker.start();
    onTestFinished(() => broker.stop());
    const supervisor = await FakeSupervisor.start();
    supervisor.provide({ host: 'localhost', port: broker.port, ...broker.credentials });
    const folder = temporaryFolder({ 'options.json': '{"meters":[],"mqtt":{},"log_level":"debug"}' });
    const stopping = new AbortController();
    let err = '';
    const run = runCli(['run'], {
      environment: {
        SUPERVISOR_TOKEN: supervisor.token,
        SUPERVISOR_URL: supervisor.url,
        SUPERVISOR_OPTIONS: `${folder}/options.json`,
      },
      signal: stopping.signal,
      onErr: (text) => {
        err += text;
      },
    });
    await eventually(() => /Connected to the MQTT broker mqtt:\/\/localhost/.test(err));
    stopping.abort();
    expect((await run).code).toBe(0);
    expect(err).toContain('broker the one that Home Assistant offers, meters: none');
    expect(err).not.toMatch(/from-the-supervisor|supervisor-token/);
  });
});
