import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync, type MqttClient } from 'mqtt';
import { loadConfig } from '../src/config/load.ts';
import { end } from './child.ts';
import type { Figure } from './figure.ts';
import { startBridge } from './start-bridge.ts';

const SIZES = [3, 50, 300];
const FIRST_SERIAL_NUMBER = 70_000_000;
const BAUD_RATE = 1_200;
const MICROSECONDS = 1_000_000;
const MEGABYTE = 1_000_000;

/** What a bridge with many meters takes until it has published the state of each of them again after a restart. */
export async function fleet(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const size of SIZES) figures.push(...(await restart(size)));
  return figures;
}

async function restart(size: number): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'multical2mqtt-fleet-'));
  const meters = fork(join(import.meta.dirname, 'fleet-meters.js'), [
    String(size),
    String(FIRST_SERIAL_NUMBER),
  ]);
  const [ports] = (await once(meters, 'message')) as [number[]];
  const broker = await mosquitto(folder);
  const subscriber = await connectAsync(broker.url);
  await subscriber.subscribeAsync('multical2mqtt/+/state');
  const file = join(folder, 'fleet.json');
  const config = {
    dataDir: join(folder, 'data'),
    mqtt: { url: broker.url },
    meters: ports.map((port, index) => ({ name: `Flat ${index}`, port: `tcp://127.0.0.1:${port}` })),
  };
  await writeFile(file, JSON.stringify(config));

  const loaded = loadConfig({ file, environment: {} }).config;
  const run = () => startBridge(loaded, folder, BAUD_RATE);
  const first = run();
  // The first contact publishes twice: the main registers, then all that it learnt.
  await eachState(subscriber, size, 2);
  await end(first);
  const begin = performance.now();
  const again = run();
  await eachState(subscriber, size, 1);
  const took = performance.now() - begin;
  const { rss, processor } = await usageOf(again);

  await end(again);
  await subscriber.endAsync();
  await end(broker.process);
  await end(meters);
  await rm(folder, { recursive: true });
  const limits = size === SIZES.at(-1);
  return [
    {
      name: `${size} meters: restart to all states`,
      value: took / 1_000,
      unit: 's',
      ...(limits && { atMost: 10 }),
    },
    {
      name: `${size} meters: processor time`,
      value: processor / MICROSECONDS,
      unit: 's',
      ...(limits && { atMost: 10 }),
    },
    { name: `${size} meters: of that a meter`, value: (processor / MICROSECONDS / size) * 1_000, unit: 'ms' },
    { name: `${size} meters: resident memory`, value: rss / MEGABYTE, unit: 'MB' },
  ];
}

async function usageOf(bridge: ChildProcess): Promise<{ rss: number; processor: number }> {
  bridge.send('usage');
  const [usage] = await once(bridge, 'message');
  return usage as { rss: number; processor: number };
}

/** Resolves when `times` states of each of `size` meters have come, those that the broker kept not counted. */
function eachState(subscriber: MqttClient, size: number, times: number): Promise<void> {
  const seen = new Map<string, number>();
  return new Promise((resolve) => {
    const listener = (topic: string, _payload: Buffer, { retain }: { retain: boolean }): void => {
      if (retain) return;
      seen.set(topic, (seen.get(topic) ?? 0) + 1);
      const complete = Array.from(seen.values()).filter((count) => count >= times).length;
      if (complete < size) return;
      subscriber.off('message', listener);
      resolve();
    };
    subscriber.on('message', listener);
  });
}

async function mosquitto(folder: string): Promise<{ url: string; process: ChildProcess }> {
  const port = await freePort();
  const config = join(folder, 'mosquitto.conf');
  await writeFile(config, `listener ${port} 127.0.0.1\nallow_anonymous true\npersistence false\n`);
  const PATH = `${process.env.PATH}:/usr/sbin:/usr/local/sbin`;
  const broker = spawn('mosquitto', ['-c', config], { env: { ...process.env, PATH }, stdio: 'ignore' });
  await Promise.race([
    once(broker, 'error').then(([error]) => Promise.reject(error)),
    new Promise((resolve) => setTimeout(resolve, 500)),
  ]);
  return { url: `mqtt://127.0.0.1:${port}`, process: broker };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}
