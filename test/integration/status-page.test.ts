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
  const page = async (): Promise<string> => (await fetch(`http://127.0.0.1:${port}/`)).text();
  await eventually(() => /The status page is at/.test(state.err));
  return { state, folder, page };
}

describe('the status page of a running bridge', () => {
  it('shows meter, broker and log, and that the bridge moves', async () => {
    const broker = await new TestBroker().start();
    onTestFinished(() => broker.stop());
    const password = 'do-not-show-me';
    const { folder, page, state } = await running({
      METER_PORT: '/dev/does-not-exist',
      METER_NAME: 'House & home',
      MQTT_URL: broker.url,
      MQTT_USERNAME: 'heat',
      MQTT_PASSWORD: password,
      LOG_LEVEL: 'debug',
    });
    await eventually(() => /Connected to the MQTT broker/.test(state.err));
    const text = await page();
    expect(text).toContain('House &#38; home');
    expect(text).toContain('Has not answered yet');
    expect(text).toContain(`Connected: ${broker.url}`);
    expect(text).toMatch(/<li>.*\/dev\/does-not-exist: there is no such port/);
    expect(text).not.toContain(password);
    expect(await askHealth(folder)).toEqual([]);
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
