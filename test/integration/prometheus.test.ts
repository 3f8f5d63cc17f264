import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Observer } from '../mqtt/support/observer.ts';
import { TestBroker } from '../mqtt/support/test-broker.ts';
import { lintMetrics } from '../outputs/prometheus/support/lint-metrics.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { hasTool } from '../support/has-tool.ts';
import { ended, run as runTool } from '../support/program.ts';
import { bridgeConfig, runningBridge } from '../support/running-bridge.ts';
import { servedMeter } from '../support/served-meter.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const PAGE = readFileSync(resolve(import.meta.dirname, '../../docs/prometheus.md'), 'utf8');
const [, SCRAPE_CONFIG = ''] = /```yaml\n(scrape_configs:[\s\S]*?)```/.exec(PAGE) ?? [];
const QUERIES = Array.from(PAGE.matchAll(/```promql\n([\s\S]*?)\n```/g), ([, query = '']) => query);

interface QueryReply {
  readonly status: string;
  readonly error?: string;
  readonly data?: {
    readonly result: readonly {
      readonly metric: Readonly<Record<string, string>>;
      readonly value: readonly [number, string];
    }[];
  };
}

interface QueryAnswer {
  readonly status: string;
  readonly results: readonly { readonly metric: Readonly<Record<string, string>>; readonly value: string }[];
}

/** A bridge with metrics on a free port and, unless `keys` say otherwise, no broker. */
async function servingBridge(keys: Readonly<Record<string, unknown>>) {
  const port = await freePort();
  const metrics = { enabled: true, port };
  const config = bridgeConfig({ mqtt: { enabled: false }, metrics, ...keys }, temporaryFolder());
  const url = `http://127.0.0.1:${port}`;
  const ask = async (path: string): Promise<[status: number, text: string]> => {
    const answer = await fetch(`${url}${path}`);
    return [answer.status, await answer.text()];
  };
  return { ...(await runningBridge(config)), port, ask };
}

/** Prometheus with the scrape configuration of the page, at another port and without patience. */
async function prometheusAt(target: number) {
  const [port, folder] = [await freePort(), temporaryFolder()];
  const file = join(folder, 'prometheus.yml');
  const config = SCRAPE_CONFIG.replace(':9464', `:${target}`).replace('1m', '1s');
  writeFileSync(file, config);
  expect(config).toContain(`127.0.0.1:${target}`);
  const server = runTool('prometheus', [
    `--config.file=${file}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ]);
  // Before its folder goes.
  onTestFinished(async () => {
    server.child.kill('SIGKILL');
    await ended(server);
  });
  const query = async (expression: string): Promise<QueryAnswer> => {
    const url = `http://127.0.0.1:${port}/api/v1/query?query=${encodeURIComponent(expression)}`;
    const answer = await fetch(url).catch(() => undefined);
    if (answer === undefined || answer.status === 503) return { status: 'not up yet', results: [] };
    const { status, error, data } = (await answer.json()) as QueryReply;
    const results = data?.result.map(({ metric, value: [, value] }) => ({ metric, value }));
    return { status: error ?? status, results: results ?? [] };
  };
  return { query };
}

describe.skipIf(!hasTool('prometheus') || !hasTool('promtool'))('a real Prometheus', () => {
  it('scrapes the bridge and gives its values back', async () => {
    const meter = await servedMeter();
    const { bridge, ask, port } = await servingBridge({ meters: [{ name: 'Heating', port: meter.port }] });
    await eventually(async () => (await ask('/readyz'))[0] === 200);
    await bridge.idle();
    expect(lintMetrics((await ask('/metrics'))[1])).toBe('');
    const { query } = await prometheusAt(port);
    const heat = 'multical_heat_energy_joules_total';
    await eventually(async () => (await query(`count_over_time(${heat}[1m]) >= 2`)).results.length);
    const labels = { job: 'multical', serial_number: '84968362', name: 'Heating' };
    expect((await query(heat)).results).toMatchObject([{ metric: labels, value: '84817000000' }]);
    expect((await query('multical_up')).results).toMatchObject([{ metric: labels, value: '1' }]);
    expect((await query('up{job="multical"}')).results).toMatchObject([{ value: '1' }]);
    expect(QUERIES).toHaveLength(7);
    for (const each of QUERIES) {
      const { status, results: found } = await query(each);
      // A day ago there was nothing.
      expect([each, status, found.length]).toEqual([each, 'success', each.includes('offset') ? 0 : 1]);
    }
  });
});

describe('a bridge with metrics', () => {
  it('is ready once broker and meter have answered, and says what it waits for until then', async () => {
    const { port } = await servedMeter();
    const broker = new TestBroker();
    const gone = { name: 'Gone', port: '/dev/does-not-exist' };
    const { ask, bridge } = await servingBridge({
      meters: [{ name: 'Heating', port }, gone],
      mqtt: { url: `mqtt://127.0.0.1:${await freePort()}` },
    });
    await eventually(async () => (await ask('/metrics').catch(() => undefined))?.[1].includes('heat_energy'));
    await bridge.idle();
    expect(await ask('/readyz')).toEqual([
      503,
      'The MQTT broker is not connected\nGone has not been read since the start\n',
    ]);
    expect(await ask('/healthz')).toEqual([200, 'ok\n']);
    expect((await ask('/metrics'))[1]).toContain('multical2mqtt_broker_connected 0\n');

    await broker.start();
    onTestFinished(() => broker.stop());
    const other = await servedMeter();
    const second = await servingBridge({
      meters: [{ name: 'Heating', port: other.port }],
      mqtt: { url: broker.url },
    });
    await eventually(async () => (await second.ask('/readyz').catch(() => undefined))?.[0] === 200);
    expect((await second.ask('/metrics'))[1]).toContain('multical2mqtt_broker_connected 1\n');
    await second.bridge.stop();
    await expect(second.ask('/metrics')).rejects.toThrow();
  });

  it('says nothing of a meter that it only remembers', async () => {
    const meter = await servedMeter();
    const folder = temporaryFolder();
    const run = async (port: number, readOnStart: boolean) => {
      const meters = [{ name: 'Heating', port: meter.port, readOnStart }];
      const keys = { meters, mqtt: { enabled: false }, metrics: { enabled: true, port } };
      return (await runningBridge(bridgeConfig(keys, folder))).bridge;
    };
    const first = await run(await freePort(), true);
    await eventually(() => first.meters[0]?.latest.length);
    await first.idle();
    await first.stop();

    const second = await freePort();
    await run(second, false);
    const scrape = async () => (await fetch(`http://127.0.0.1:${second}/metrics`)).text();
    const text = await eventually(() => scrape().catch(() => undefined));
    expect(text.match(/^multical_\w+/gm)).toEqual(['multical_meter_info']);
  });

  it('publishes over MQTT also where the port of its metrics is taken', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void taken.close());
    const address = taken.address();
    const broker = await new TestBroker().start();
    onTestFinished(() => broker.stop());
    const observer = await Observer.connect(broker.url);
    onTestFinished(() => observer.end());
    const { port } = await servedMeter();
    const { bridge } = await runningBridge(
      bridgeConfig(
        {
          meters: [{ name: 'Heating', port }],
          mqtt: { url: broker.url },
          metrics: { enabled: true, port: typeof address === 'object' ? address?.port : 0 },
        },
        temporaryFolder(),
      ),
    );
    await observer.sees('multical2mqtt/84968362/availability', 'online');
    expect(bridge.otherOutputs.map(({ name, health }) => [name, health.problem])).toEqual([
      ['metrics', expect.stringMatching(/this program itself has port \d+ of 127\.0\.0\.1 already/)],
    ]);
  });
});
