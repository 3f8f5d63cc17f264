import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { demoConfig } from '../src/cli/commands/demo.ts';
import type { Config } from '../src/config/keys.ts';
import { end } from './child.ts';
import type { Figure } from './figure.ts';
import { simulatedMeter } from './simulated-meter.ts';
import { startBridge } from './start-bridge.ts';

const FAST = 115_200;
const MEGABYTE = 1_000_000;
/** Of each crowd, in milliseconds. */
const FOR = 10_000;
const PORT = 19_464;
const CROWDS: Readonly<Record<string, string>> = {
  greedy: '20 clients that take no answer',
  idle: '50 clients that say nothing',
  hasty: '20 clients that ask and ask',
  fleeting: '100 clients that come and go',
};

/**
 * How much later than without it a reading's next step may come while a crowd is at the page with the metrics, what the
 * bridge's memory is then, and how long somebody at another address waits for the page.
 */
export async function crowd(): Promise<Figure[]> {
  const dataDir = await mkdtemp(join(tmpdir(), 'multical2mqtt-bench-'));
  const meter = await simulatedMeter(FAST);
  const demo = demoConfig({ port: meter.port, mqttUrl: 'mqtt://127.0.0.1:1', dataDir, pause: 2 });
  const config: Config = {
    ...demo,
    mqtt: { ...demo.mqtt, enabled: false },
    metrics: { ...demo.metrics, enabled: true, port: PORT },
  };
  const figures: Figure[] = [];
  for (const [kind, name] of [['nobody', 'nobody'], ...Object.entries(CROWDS)] as const) {
    const bridge = startBridge(config, config.dataDir, FAST);
    await pause(5_000);
    const attacker = fork(join(import.meta.dirname, 'crowd-process.js'), [kind, String(PORT), '127.0.0.3']);
    await pause(1_000);
    bridge.send('watch turns');
    await once(bridge, 'message');
    const requests = meter.simulator.statistics.requests;
    const waits: number[] = [];
    for (const until = performance.now() + FOR; performance.now() < until; await pause(200))
      waits.push(await pageTakes());
    bridge.send('end');
    const [{ rss, longestTurn }] = await once(bridge, 'message');
    const readings = meter.simulator.statistics.requests - requests;
    await end(attacker);
    await end(bridge);
    figures.push(
      { name: `${name}: worst delay`, value: Number(longestTurn), unit: 'ms', atMost: 50 },
      { name: `${name}: resident memory`, value: Number(rss) / MEGABYTE, unit: 'MB' },
      { name: `${name}: somebody else's page, at worst`, value: Math.max(...waits), unit: 'ms' },
      { name: `${name}: requests to the meter`, value: readings, unit: '' },
    );
  }
  await meter.close();
  await rm(dataDir, { recursive: true });
  return figures;
}

/** Milliseconds; endless where there is none. */
async function pageTakes(): Promise<number> {
  const begin = performance.now();
  return new Promise((resolve) => {
    const request = get(
      { port: PORT, host: '127.0.0.1', path: '/metrics', localAddress: '127.0.0.2', agent: false },
      (answer) => {
        answer.resume();
        answer.once('end', () =>
          resolve(answer.statusCode === 200 ? performance.now() - begin : Number.POSITIVE_INFINITY),
        );
      },
    );
    request.once('error', () => resolve(Number.POSITIVE_INFINITY));
  });
}
