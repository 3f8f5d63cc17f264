import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '../log/winston-logger.ts';
import { systemClock } from '../shared/clock.ts';
import { Simulator } from '../simulator/simulator.ts';
import { serveTcp } from '../simulator/tcp-server.ts';
import { Bridge } from './bridge.ts';
import { DemoAudience } from './demo-audience.ts';
import { demoConfig } from './demo-config.ts';
import { startEmbeddedBroker } from './embedded-broker.ts';

export interface DemoOptions {
  /** For the embedded broker; any free port by default. */
  readonly mqttPort?: number | undefined;
  /** Ends by itself after so many readings; else when `signal` is aborted. */
  readonly cycles?: number | undefined;
  /** A real broker in place of the embedded one. Everything published there is taken back at the end. */
  readonly mqttUrl?: string | undefined;
  readonly version: string;
  readonly print: (line: string) => void;
  readonly signal: AbortSignal;
  /** Seconds between two readings. */
  readonly pause?: number;
  /** Faster than a real meter, for tests. */
  readonly baudRate?: number;
}

/** An hour passes in a minute, so that the totals are seen to move. */
const SPEED = 60;

/** The whole job on this machine: a simulated meter at real line speed, a broker, the bridge, and what arrives. */
export async function runDemo(options: DemoOptions): Promise<void> {
  const { print, version, signal, cycles = Number.POSITIVE_INFINITY, baudRate = 1200, pause = 20 } = options;
  const clock = systemClock;
  const random = Math.random;
  const logger = createLogger({ level: 'warn', format: 'text' });
  const broker = options.mqttUrl === undefined ? await startEmbeddedBroker(options.mqttPort ?? 0) : undefined;
  const dataDir = await mkdtemp(join(tmpdir(), 'multical2mqtt-demo-'));
  const simulator = new Simulator({
    meters: [{ model: '403', speed: SPEED }],
    baudRate,
    clock,
    random,
    logger,
  });
  const server = await serveTcp({ line: simulator, port: 0, logger });
  const mqttUrl = options.mqttUrl ?? broker?.url ?? '';
  const config = demoConfig({ port: `tcp://127.0.0.1:${server.port}`, mqttUrl, dataDir, pause });
  const bridge = new Bridge({ config, version, logger, clock, random, baudRate });
  const serialNumber = String(simulator.meters[0]?.serialNumber);
  const audience = new DemoAudience({ config, serialNumber, print, logger, clock, random });
  print(
    `Meter   simulated MULTICAL 403 number ${serialNumber}, ${baudRate} baud, at ${config.meters[0]?.port}`,
  );
  print(
    `Broker  ${config.mqtt.url}${broker === undefined ? '' : ' (within this program, gone when it ends)'}`,
  );
  print(`Look    ${lookFurther(config.mqtt.url, config.mqtt.baseTopic)}`);
  print('        or give this broker to the MQTT integration of a Home Assistant on this machine');
  try {
    audience.start();
    bridge.start();
    await audience.hasSeen(cycles, signal);
    if (!signal.aborted) await bridge.idle();
    await audience.hasSeen(cycles, signal);
  } finally {
    await bridge.stop();
    await audience.stop(broker === undefined);
    simulator.stop();
    await server.close();
    await broker?.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

function lookFurther(url: string, baseTopic: string): string {
  const { hostname, port } = new URL(url);
  return `mosquitto_sub -h ${hostname} -p ${port || 1883} -v -t '${baseTopic}/#'`;
}
