import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { Bridge } from '../../app/bridge.ts';
import type { Config } from '../../config/keys.ts';
import { loadConfig } from '../../config/load.ts';
import { createLogger } from '../../log/winston-logger.ts';
import { BrokerList, brokersIn } from '../../mqtt/broker-list.ts';
import type { MqttConfig } from '../../mqtt/config.ts';
import { type Clock, systemClock } from '../../shared/clock.ts';
import { Multical2MqttError } from '../../shared/errors.ts';
import { whyNotAtPort } from '../../shared/holders.ts';
import { localDate, momentOf } from '../../shared/zoned-time.ts';
import { Simulator } from '../../simulator/simulator.ts';
import { serveTcp } from '../../simulator/tcp-server.ts';
import { DemoAudience } from '../demo-audience.ts';
import { type Io, print } from '../io.ts';
import { wholeNumber } from '../meter-options.ts';

interface Options {
  readonly mqttPort?: number;
  readonly cycles?: number;
  readonly mqtt?: string;
}

export function addDemo(program: Command, io: Io): void {
  program
    .command('demo')
    .description('show the whole job on this machine: a simulated meter, a broker and the bridge')
    .option(
      '--mqtt-port <number>',
      "the embedded broker's port (default: any free one)",
      wholeNumber(1, 65_535),
    )
    .option('--cycles <number>', 'end by itself after so many readings', wholeNumber(1, 1_000_000))
    .option(
      '--mqtt <url>',
      'use this broker in place of the embedded one, and take everything back at the end',
    )
    .action(async ({ mqttPort, cycles, mqtt }: Options) => {
      const { version, signal } = io;
      await runDemo({
        mqttPort,
        cycles,
        mqttUrl: mqtt,
        version,
        signal,
        print: (line) => print(io.out, line),
      });
    });
}

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

/**
 * Begins with the month, at midnight: what a meter has counted today and this month is known from the first reading near
 * the beginning of each, for which nobody waits here.
 */
export function demoClock(clock: Clock): Clock {
  const began = clock.now();
  const ahead = began - momentOf(`${localDate(began, '').slice(0, 7)}-01T00:00:00`, '');
  return {
    now: () => clock.now() - ahead,
    monotonic: () => clock.monotonic(),
    after: (delay, action) => clock.after(delay, action),
  };
}

/** The whole job on this machine: a simulated meter at real line speed, a broker, the bridge, and what arrives. */
export async function runDemo(options: DemoOptions): Promise<void> {
  const { print, version, signal, cycles = Number.POSITIVE_INFINITY, baudRate = 1200, pause = 20 } = options;
  const clock = demoClock(systemClock);
  const random = Math.random;
  const logger = createLogger({ level: 'warn', format: 'text' });
  /** Closes what was opened, in the opposite order, whatever happens. */
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
    const bridge = await Bridge.make({ config, version, logger, clock, random, baudRate });
    const serialNumber = String(simulator.meters[0]?.serialNumber);
    // The bridge says already what the broker's trouble is.
    const quiet = createLogger({ level: 'error', format: 'text' });
    const audience = new DemoAudience({ config, serialNumber, print, logger: quiet, clock, random });
    print(
      `Meter   simulated MULTICAL 403 number ${serialNumber}, ${baudRate} baud, at ${config.meters[0]?.port}; an hour passes in a minute`,
    );
    print(
      'Clock   begins at midnight on the first of this month, so that today and this month begin with it',
    );
    const ours = options.mqttUrl === undefined;
    print(
      `Broker  ${brokersIn(config.mqtt)
        .map(({ url }) => url)
        .join(', ')}${ours ? ' (within this program, gone when it ends)' : ''}`,
    );
    print(`Look    ${lookFurther(config.mqtt)}`);
    if (ours)
      print('        or give this broker to the MQTT integration of a Home Assistant on this machine');
    opened.push(() => audience.stop(!ours));
    opened.push(() => bridge.stop());
    audience.start();
    bridge.start();
    await audience.hasSeen(cycles, signal);
    if (!signal.aborted) await bridge.idle();
    // What the last reading brought may still wait for its entities to be announced.
    const quantities = bridge.meters.flatMap(({ latest }) => latest.map(({ quantity }) => quantity));
    await audience.hasSeen(cycles, signal, quantities);
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
function lookFurther(mqtt: MqttConfig): string {
  const { baseTopic } = mqtt;
  const { url, username } = new BrokerList(mqtt).current;
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

/** Not `multical2mqtt`: on a real broker there may be a real bridge. */
const BASE_TOPIC = 'multical2mqtt_demo';

/** The bridge's configuration for the demo; `pause`: seconds between two readings. */
export function demoConfig(options: {
  readonly port: string;
  readonly mqttUrl: string;
  readonly dataDir: string;
  readonly pause: number;
}): Config {
  const { port, mqttUrl, dataDir, pause } = options;
  const { config } = loadConfig({
    // Nothing of the user's own configuration: neither a file of this folder nor the environment.
    directory: dataDir,
    environment: {},
    overrides: {
      'meter.port': port,
      'meter.name': 'District heating',
      'meter.schedule': `*/${pause} * * * * *`,
      'meter.mainsPowered': 'true',
      'mqtt.url': mqttUrl,
      'mqtt.baseTopic': BASE_TOPIC,
      dataDir,
    },
  });
  return config;
}

/** An MQTT broker within this process, for the demo. Listens on this machine only and forgets everything when closed. */
interface EmbeddedBroker {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** `port` 0: any free one. */
export async function startEmbeddedBroker(port: number): Promise<EmbeddedBroker> {
  // Loaded only when it is wanted: the bridge has no need of its memory.
  const { Aedes } = await import('aedes');
  const broker = await Aedes.createBroker();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    broker.handle(socket);
  });
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (cause) {
    await new Promise<void>((resolve) => broker.close(() => resolve()));
    const message = `Cannot listen on 127.0.0.1:${port}: ${whyNotAtPort(cause, '127.0.0.1', port)}. Choose another port with --mqtt-port.`;
    throw new Multical2MqttError('port-failed', message, { cause });
  }
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `mqtt://127.0.0.1:${bound}`,
    port: bound,
    async close() {
      await new Promise<void>((resolve) => broker.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
