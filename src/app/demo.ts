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
  /** What was opened, to be closed in the opposite order whatever happens. */
  const opened: Array<() => Promise<void>> = [];
  try {
    const dataDir = await mkdtemp(join(tmpdir(), 'multical2mqtt-demo-'));
    opened.push(() => rm(dataDir, { recursive: true, force: true }));
    const mqttUrl = options.mqttUrl ?? (await embeddedBroker(options.mqttPort ?? 0, opened));
    const simulator = new Simulator({
      meters: [{ model: '403', speed: SPEED }],
      baudRate,
      clock,
      random,
      logger,
    });
    opened.push(async () => simulator.stop());
    const server = await serveTcp({ line: simulator, port: 0, logger });
    opened.push(() => server.close());
    const config = demoConfig({ port: `tcp://127.0.0.1:${server.port}`, mqttUrl, dataDir, pause });
    const bridge = new Bridge({ config, version, logger, clock, random, baudRate });
    const serialNumber = String(simulator.meters[0]?.serialNumber);
    // What the broker's trouble is, the bridge says already.
    const quiet = createLogger({ level: 'error', format: 'text' });
    const audience = new DemoAudience({ config, serialNumber, print, logger: quiet, clock, random });
    print(
      `Meter   simulated MULTICAL 403 number ${serialNumber}, ${baudRate} baud, at ${config.meters[0]?.port}; an hour passes in a minute`,
    );
    const ours = options.mqttUrl === undefined;
    print(`Broker  ${config.mqtt.url}${ours ? ' (within this program, gone when it ends)' : ''}`);
    print(`Look    ${lookFurther(config.mqtt)}`);
    if (ours)
      print('        or give this broker to the MQTT integration of a Home Assistant on this machine');
    opened.push(() => audience.stop(!ours));
    opened.push(() => bridge.stop());
    audience.start();
    bridge.start();
    await audience.hasSeen(cycles, signal);
    if (!signal.aborted) await bridge.idle();
    await audience.hasSeen(cycles, signal);
  } finally {
    for (const close of opened.reverse()) await close();
  }
}

async function embeddedBroker(port: number, opened: Array<() => Promise<void>>): Promise<string> {
  const broker = await startEmbeddedBroker(port);
  opened.push(() => broker.close());
  return broker.url;
}

/** A command for the shell; a password stays out of it, because it would stay in the shell's history. */
function lookFurther({
  url,
  username,
  baseTopic,
}: {
  url: string;
  username: string;
  baseTopic: string;
}): string {
  const { protocol, hostname, port } = new URL(url);
  const secure = protocol === 'mqtts:';
  const words = [
    `mosquitto_sub -h ${hostname} -p ${port || (secure ? 8883 : 1883)}`,
    ...(secure ? ['--tls-use-os-certs'] : []),
    ...(username === '' ? [] : [`-u ${username} -P ...`]),
    `-v -t '${baseTopic}/#'`,
  ];
  return protocol.startsWith('ws') ? `subscribe to ${baseTopic}/# at that broker` : words.join(' ');
}
