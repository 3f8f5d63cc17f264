import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { StoredPrefixes } from '../../../src/app/announced-prefixes.ts';
import { StoredMeterMemory, StoredUnits } from '../../../src/app/memory.ts';
import { MeterRegistry } from '../../../src/app/meter-registry.ts';
import { loadOutputs, Outputs } from '../../../src/app/outputs.ts';
import { StoredPresence } from '../../../src/app/presence.ts';
import { StateStore } from '../../../src/app/state-store.ts';
import { addonFirstMeterKeys, addonKeys, addonMeterKeys } from '../../../src/config/addon-form.ts';
import { type Config, configKeys } from '../../../src/config/keys.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { Line } from '../../../src/link/line.ts';
import { lineTiming } from '../../../src/link/timing.ts';
import { meterKeys, settingsOf } from '../../../src/meter/config.ts';
import { Meter } from '../../../src/meter/meter.ts';
import type { Publisher } from '../../../src/meter/publisher.ts';
import type { MqttConnection } from '../../../src/mqtt/connection.ts';
import { topicsBelow } from '../../../src/mqtt/topics.ts';
import { ConvertingPublisher } from '../../../src/outputs/converting-publisher.ts';
import { meterStages } from '../../../src/readings/stages.ts';
import { flattenKeys, variableOf } from '../../../src/schema/key.ts';
import { systemClock } from '../../../src/shared/clock.ts';
import { SimulatedChannel } from '../../../src/simulator/channel.ts';
import { CONDITION_NAMES } from '../../../src/simulator/conditions.ts';
import { parseFault } from '../../../src/simulator/faults.ts';
import { MODELS, type ModelName } from '../../../src/simulator/models/models.ts';
import { Simulator } from '../../../src/simulator/simulator.ts';
import { serveTcp } from '../../../src/simulator/tcp-server.ts';
import { CollectingLogger } from '../../support/collecting-logger.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import type { MemoryBroker } from './memory-broker.ts';

/*
 * Everything that the dumps take from inside the program, but for the command line (test/support/run-cli.ts). Where the
 * program is put together otherwise, this file alone has to follow.
 */

type Loaded = Awaited<ReturnType<typeof loadOutputs>>;
type Keys = Readonly<Record<string, unknown>>;

export const MODEL_NAMES = Object.keys(MODELS) as readonly ModelName[];

const START = Date.UTC(2026, 0, 1);
const HALF = (): number => 0.5;

/** What a meter had published: a method of `Publisher`, what it was given, and when. */
export interface Call {
  readonly step: string;
  readonly at: number;
  readonly method: string;
  readonly given: readonly unknown[];
}

export interface MeterSettings {
  readonly model: ModelName;
  /** Of the one meter in the configuration. */
  readonly meter?: Keys;
  readonly language?: string;
  /** Of an earlier run. */
  readonly dataDir?: string;
  readonly now?: number;
}

/** One configured meter on a simulated line, in a time that moves when it is told to. */
export class RecordedMeter {
  readonly clock: FakeClock;
  readonly calls: Call[] = [];
  readonly dataDir: string;
  private readonly log: string[] = [];
  private readonly logger = new CollectingLogger();
  private readonly simulator: Simulator;
  private readonly line: Line;
  private readonly meter: Meter;
  private readonly ticks = new Map<string, () => void>();
  private step = '';

  constructor({
    model,
    meter = {},
    language = 'en',
    dataDir = temporaryFolder(),
    now = START,
  }: MeterSettings) {
    const clock = new FakeClock(now);
    const { logger } = this;
    this.clock = clock;
    this.dataDir = dataDir;
    const one = { name: 'Heat meter', port: '/dev/meter', timezone: 'UTC', ...meter };
    const config = configOf({ language, meters: [one] });
    const [configured] = config.meters;
    if (configured === undefined) throw new Error('no meter');
    this.simulator = new Simulator({ meters: [{ model }], clock, random: HALF, logger });
    this.line = new Line({
      name: configured.port,
      makeChannel: () => new SimulatedChannel(this.simulator),
      timing: lineTiming({ baudRate: 1200, network: false }),
      clock,
      random: HALF,
      logger,
    });
    const store = new StateStore(dataDir, logger);
    const memory = new StoredMeterMemory(store);
    const published = new StoredUnits(store);
    const warn = (text: string): void => logger.warn(`${configured.name}: ${text}`);
    this.meter = new Meter(settingsOf(configured), {
      line: this.line,
      store: memory,
      claims: new MeterRegistry({ store: memory, clock: this.clock, logger, forgotten: () => {} }),
      publisher: new ConvertingPublisher(this.recorder(), configured.units, published, logger),
      stages: meterStages(configured, () => config.language, warn),
      cron: (expression, _timezone, action) => {
        this.ticks.set(expression, action);
        return () => this.ticks.delete(expression);
      },
      clock,
      random: HALF,
      logger,
    });
  }

  /** What was logged (but for single bytes) and asked, by step. */
  get protocol(): readonly string[] {
    return this.log;
  }

  async start(): Promise<void> {
    await this.during('start', async () => {
      this.meter.start();
      this.line.start();
      await this.clock.advance(0);
      await this.clock.runUntil(this.meter.idle());
    });
  }

  /** A tick of the schedule `expression`, and all the time that its reading takes. */
  async tick(step: string, expression = '0 * * * *'): Promise<void> {
    await this.during(step, async () => {
      const tick = this.ticks.get(expression);
      if (tick === undefined) throw new Error(`no schedule ${expression}`);
      tick();
      await this.clock.runUntil(this.meter.idle());
    });
  }

  async readNow(step: string): Promise<void> {
    await this.during(step, async () => {
      this.meter.readNow();
      await this.clock.runUntil(this.meter.idle());
    });
  }

  async wait(step: string, duration: number): Promise<void> {
    await this.during(step, async () => {
      await this.clock.advance(duration);
      await this.clock.runUntil(this.meter.idle());
    });
  }

  /** Names of everything that may be the matter with this meter. */
  get conditions(): readonly string[] {
    return CONDITION_NAMES.filter((name) => {
      try {
        this.setConditions([name]);
        return true;
      } catch {
        return false;
      } finally {
        this.setConditions([]);
      }
    });
  }

  setConditions(names: readonly string[]): void {
    this.simulator.meters[0]?.setConditions(CONDITION_NAMES.filter((name) => names.includes(name)));
  }

  setFaults(...faults: readonly string[]): void {
    this.simulator.setFaults(faults.map(parseFault));
  }

  exchange(model: ModelName, serialNumber: number): void {
    for (const meter of this.simulator.meters) this.simulator.removeMeter(meter);
    this.simulator.addMeter({ model, serialNumber });
  }

  async stop(): Promise<void> {
    await this.during('stop', async () => {
      await this.clock.runUntil(Promise.all([this.line.stop(), this.meter.stop()]));
      this.simulator.stop();
    });
  }

  private async during(step: string, action: () => Promise<void>): Promise<void> {
    this.step = step;
    this.simulator.resetStatistics();
    const from = this.logger.lines.length;
    await action();
    const said = this.logger.lines.slice(from).filter(({ level }) => level !== 'debug');
    this.log.push(
      `== ${step} (until ${new Date(this.clock.now()).toISOString()})`,
      ...said.map(({ level, message }) => `${level} ${message}`),
      `line ${JSON.stringify(this.simulator.statistics)}`,
    );
  }

  private recorder(): Publisher {
    return new Proxy({} as Publisher, {
      get: (_, method) => {
        return (...given: readonly unknown[]): void => {
          this.calls.push({ step: this.step, at: this.clock.now(), method: String(method), given });
        };
      },
    });
  }
}

/** All outputs that `keys` turn on, with a broker in memory, in a time of their own. */
export class RecordedOutputs {
  readonly clock: FakeClock;
  readonly logger = new CollectingLogger();
  private readonly outputs: Outputs;

  static async make(keys: Keys, broker: MemoryBroker, now: number): Promise<RecordedOutputs> {
    const config = configOf({ meters: [{ name: 'Heat meter', port: '/dev/meter' }], ...keys });
    return new RecordedOutputs(config, await loadOutputs(config), broker, now);
  }

  private constructor(config: Config, loaded: Loaded, broker: MemoryBroker, now: number) {
    this.clock = new FakeClock(now);
    this.outputs = new Outputs({
      config,
      loaded,
      connection: broker as unknown as MqttConnection,
      topics: topicsBelow(config.mqtt.baseTopic),
      place: {},
      presence: new StoredPresence(new StateStore(config.dataDir, this.logger)),
      before: () => [],
      prefixes: new StoredPrefixes(new StateStore(config.dataDir, this.logger)),
      host: 'host',
      version: '1.2.3',
      appearance: () => ({ language: config.language, page: undefined }),
      clock: this.clock,
      random: HALF,
      logger: this.logger,
      requestReading: (serialNumber) => broker.messages.push(`asked for a reading of ${serialNumber}`),
      stuck: () => [],
      notReady: () => [],
    });
  }

  async start(): Promise<void> {
    this.outputs.start([]);
    await this.quiet();
  }

  async take({ at, method, given }: Call): Promise<void> {
    await this.clock.advance(Math.max(0, at - this.clock.now()));
    await this.quiet();
    const publisher = this.outputs.publisher as unknown as Record<string, (...given: unknown[]) => void>;
    publisher[method]?.(...given);
    await this.quiet();
  }

  async forget(serialNumber: string): Promise<void> {
    this.outputs.publisher.meterForgotten(serialNumber);
    await this.clock.advance(10_000);
    await this.quiet();
  }

  async stop(): Promise<void> {
    await this.clock.runUntil(this.outputs.stop());
  }

  /** Everything that waits is where it belongs: looked at twice, because the last word follows the last value. */
  private async quiet(): Promise<void> {
    const { others } = this.outputs;
    await this.clock.advance(0);
    for (let calm = 0; calm < 2 && others.length > 0; ) {
      await new Promise((resolve) => setTimeout(resolve, 2));
      calm = others.every(({ health }) => health.waiting === 0) ? calm + 1 : 0;
    }
    await this.clock.advance(0);
  }
}

/** A meter at a TCP port whose house stands still; the words are for commands. */
export async function standingMeter(model: ModelName): Promise<readonly string[]> {
  const logger = new CollectingLogger();
  const simulator = new Simulator({
    meters: [{ model, speed: 0 }],
    baudRate: 115_200,
    clock: { ...systemClock, now: () => START },
    random: HALF,
    logger,
  });
  const server = await serveTcp({ line: simulator, port: 0, logger });
  onTestFinished(async () => {
    simulator.stop();
    await server.close();
  });
  const port = `tcp://127.0.0.1:${server.port}`;
  return ['--port', port, '--baud-rate', '115200', '--timeout-allowance', '2000'];
}

/** Every key and every option with what belongs to it. */
export function allKeys(): readonly string[] {
  const keys = [
    { what: 'key', keys: configKeys, prefix: '' },
    { what: 'key of a meter', keys: meterKeys, prefix: 'METER_' },
  ].flatMap((group) =>
    flattenKeys(group.keys).map(([path, key]) => {
      const { doc, default: fallback, secret = false } = key;
      const env = variableOf(path, key, group.prefix) ?? '';
      return `${group.what} ${path}: ${JSON.stringify({ default: fallback, env, secret, doc })}`;
    }),
  );
  const options = {
    'option of the add-on': { ...addonFirstMeterKeys, ...addonKeys },
    'option of a meter of the add-on': addonMeterKeys,
  };
  return [
    ...keys,
    ...Object.entries(options).flatMap(([what, group]) =>
      flattenKeys(group).map(([path]) => `${what} ${path}`),
    ),
  ];
}

function configOf(keys: Keys): Config {
  const file = join(temporaryFolder(), 'bridge.json');
  writeFileSync(file, JSON.stringify({ dataDir: temporaryFolder(), ...keys }));
  return loadConfig({ file, environment: {} }).config;
}
