import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync, type MqttClient } from 'mqtt';
import { demoConfig, startEmbeddedBroker } from '../src/cli/commands/demo.ts';
import { end } from './child.ts';
import { type Figure, median } from './figure.ts';
import { simulatedMeter } from './simulated-meter.ts';
import { startBridge } from './start-bridge.ts';

const READINGS = 100;
/** Readings at line speed would take two minutes; what is measured here does not depend on it. */
const FAST = 115_200;
const MEGABYTE = 1_000_000;

/** From the last byte of a reply to the message at a subscriber, and the bridge's memory after a hundred readings. */
export async function publishing(): Promise<Figure[]> {
  const dataDir = await mkdtemp(join(tmpdir(), 'multical2mqtt-bench-'));
  const meter = await simulatedMeter(FAST);
  const broker = await startEmbeddedBroker(0);
  const demo = demoConfig({ port: meter.port, mqttUrl: broker.url, dataDir, pause: 59 });
  const battery = { maxReadingsPerDay: null, minSecondsBetween: 0 };
  const config = { ...demo, meters: demo.meters.map((each) => ({ ...each, battery })) };
  const subscriber = await connectAsync(broker.url);
  const serialNumber = meter.simulator.meters[0]?.serialNumber;
  const base = `${config.mqtt.baseTopic}/${serialNumber}`;
  await subscriber.subscribeAsync(`${base}/state`);
  const bridge = startBridge(config, dataDir, FAST);
  // The first contact publishes twice: the main registers, then all that it learnt.
  await nextMessage(subscriber);
  await nextMessage(subscriber);
  await new Promise((resolve) => setTimeout(resolve, 500));

  const delays: number[] = [];
  for (let reading = 0; reading < READINGS; reading++) {
    const arrived = nextMessage(subscriber);
    await subscriber.publishAsync(`${base}/read`, '');
    const at = await arrived;
    delays.push(at - (meter.simulator.statistics.lastByteAt ?? at));
  }
  bridge.send('memory');
  const [{ rss }] = await once(bridge, 'message');
  await end(bridge);
  await subscriber.endAsync();
  await broker.close();
  await meter.close();
  await rm(dataDir, { recursive: true });
  return [
    { name: 'last byte to subscriber', value: median(delays), unit: 'ms', atMost: 5 },
    {
      name: `resident memory after ${READINGS} readings`,
      value: Number(rss) / MEGABYTE,
      unit: 'MB',
      atMost: 85,
    },
  ];
}

/** From the start of the program to the first state, at line speed. */
export async function start(): Promise<Figure> {
  const dataDir = await mkdtemp(join(tmpdir(), 'multical2mqtt-bench-'));
  const meter = await simulatedMeter(1200);
  const broker = await startEmbeddedBroker(0);
  const subscriber = await connectAsync(broker.url);
  await subscriber.subscribeAsync(`multical2mqtt/${meter.simulator.meters[0]?.serialNumber}/state`);
  const main = join(import.meta.dirname, '../src/main.js');
  const options = ['--port', meter.port, '--mqtt', broker.url, '--data-dir', dataDir, '--log-level', 'error'];
  const begin = performance.now();
  const bridge = spawn(process.execPath, [...process.execArgv, main, 'run', ...options], {
    cwd: dataDir,
    stdio: 'inherit',
  });
  const at = await nextMessage(subscriber);
  await end(bridge);
  await subscriber.endAsync();
  await broker.close();
  await meter.close();
  await rm(dataDir, { recursive: true });
  return { name: 'process start to first state', value: at - begin, unit: 'ms' };
}

function nextMessage(subscriber: MqttClient): Promise<number> {
  return new Promise((resolve) => subscriber.once('message', () => resolve(performance.now())));
}
