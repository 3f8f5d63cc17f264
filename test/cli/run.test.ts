import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Observer } from '../mqtt/support/observer.ts';
import { TestBroker } from '../mqtt/support/test-broker.ts';
import { type CliRun, runCli } from '../support/run-cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('run', () => {
  it('is the default, says with what it runs, and ends when it is told to', async () => {
    const broker = await new TestBroker().start();
    const observer = await Observer.connect(broker.url);
    const stopping = new AbortController();
    const words = ['--port', '/dev/there-is-none', '--mqtt', broker.url, '--data-dir', temporaryFolder()];
    const environment = { MQTT_USERNAME: 'me', MQTT_PASSWORD: 'hunter22' };
    const running = runCli(words, { signal: stopping.signal, environment });
    await observer.sees('multical2mqtt/bridge/state', 'online');
    stopping.abort();
    const { code, out, err } = await running;
    await observer.sees('multical2mqtt/bridge/state', 'offline');
    expect([code, out]).toEqual([0, '']);
    const [first] = err.split('\n');
    expect(first).toMatch(/multical2mqtt 1\.2\.3.*broker mqtt:\/\/localhost:\d+.* at \/dev\/there-is-none/);
    expect(err).toMatch(/no such port/);
    expect(err).not.toContain('hunter22');
    await observer.end();
    await broker.stop();
  });

  it('does not log a token in the address of the broker', async () => {
    const stopping = new AbortController();
    const words = ['--port', '/dev/there-is-none', '--mqtt', 'ws://localhost:1/mqtt?token=sesame'];
    const { code, err } = await runCli([...words, '--data-dir', temporaryFolder()], {
      signal: stopping.signal,
      onErr: (text) => {
        if (text.includes('no such port')) stopping.abort();
      },
    });
    expect([code, err]).toEqual([0, expect.stringContaining('broker ws://localhost:1/mqtt?***')]);
    expect(err).not.toContain('sesame');
  });

  it('does not begin in the data folder of another bridge, and leaves that one alone', async () => {
    const folder = temporaryFolder();
    const words = ['--port', '/dev/there-is-none', '--mqtt', 'mqtt://localhost:1', '--data-dir', folder];
    const stopping = new AbortController();
    const seconds: Promise<CliRun>[] = [];
    const first = await runCli(words, {
      signal: stopping.signal,
      onErr: (text) => {
        if (!text.includes('no such port') || seconds.length > 0) return;
        const second = runCli(words);
        seconds.push(second);
        void second.finally(() => stopping.abort());
      },
    });
    const [refused] = await Promise.all(seconds);
    expect(refused?.code).toBe(2);
    expect(refused?.err).toMatch(
      new RegExp(`${folder} is in use by process ${process.pid} on .*Stop that bridge, or give`),
    );
    expect(first.code).toBe(0);
    expect(readdirSync(folder)).toEqual([]);
    // Now it is free.
    const stopped = new AbortController();
    stopped.abort();
    expect((await runCli(words, { signal: stopped.signal })).code).toBe(0);
  });

  it('does not begin with a wrong configuration', async () => {
    const { code, err } = await runCli(['run', '--port', 'nowhere', '--log-level', 'loud']);
    expect(code).toBe(2);
    expect(err).toMatch(/meters\[0\]\.port/);
    expect(err).toMatch(/log\.level/);
  });
});

it('demo runs from the command line too', async () => {
  const stopping = new AbortController();
  stopping.abort();
  const { code, out } = await runCli(['demo'], { signal: stopping.signal });
  expect([code, out]).toEqual([0, expect.stringContaining('Broker')]);
});
