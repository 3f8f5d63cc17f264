import { hostname } from 'node:os';
import type { Surroundings } from '../addon/surroundings.ts';
import type { Language } from '../catalogue/texts/languages.ts';
import type { Config } from '../config/keys.ts';
import type { Meter, MeterStatus } from '../meter/meter.ts';
import type { BatteryUse, Publisher } from '../meter/publisher.ts';
import type { ReadingRefused } from '../meter/read-commands.ts';
import type { BrokerSource } from '../mqtt/broker-list.ts';
import { type BrokerState, MqttConnection } from '../mqtt/connection.ts';
import { type BridgePlace, topicsBelow } from '../mqtt/topics.ts';
import type { MakeOutput } from '../outputs/all.ts';
import type { PublishedUnits } from '../outputs/converting-publisher.ts';
import type { Output } from '../outputs/output.ts';
import type { Clock, Random } from '../shared/clock.ts';
import type { Logger } from '../shared/logger.ts';
import { computerClock } from '../shared/release.ts';
import { Waker } from '../shared/waker.ts';
import { StoredPrefixes } from './announced-prefixes.ts';
import { ClockWatch } from './clock-watch.ts';
import { accountOf } from './left-costs.ts';
import type { LogDuty } from './log-duty.ts';
import { StoredMeterMemory, StoredUnits } from './memory.ts';
import { logDutyOf, type MeterLogs, publishedRows } from './meter-logs.ts';
import { MeterRegistry } from './meter-registry.ts';
import { type AskedMeter, Meters } from './meters.ts';
import { loadOutputs, Outputs } from './outputs.ts';
import { StoredPresence } from './presence.ts';
import { StateStore } from './state-store.ts';
import { notReady, stuckReadings } from './status.ts';
import { SurroundingsWatch } from './surroundings-watch.ts';

export interface BridgeOptions {
  readonly config: Config;
  readonly version: string;
  readonly logger: Logger;
  /** Knows the broker in place of the configuration. */
  readonly brokerSource?: BrokerSource | undefined;
  /** Tell more than the configuration. */
  readonly surroundings?: Surroundings | undefined;
  /** The one that somebody chose: the surroundings' does not count then. */
  readonly ownLanguage?: Language | undefined;
  /** Where the bridge's page is to be found. */
  readonly page?: string | undefined;
  /** Writes readings down in the meters' own units. */
  readonly recorder?: Publisher | undefined;
  /** What the meters wrote down themselves; left out: nobody asks them for it. */
  readonly logs?: MeterLogs | undefined;
  /** A page shows what was on the meters' lines. */
  readonly showsLine?: boolean;
  /** When this program began to read; left out: with this bridge. */
  readonly since?: number;
  readonly clock?: Clock;
  readonly random?: Random;
  /** Bits a second of the meters' lines, in place of the configured ones: a simulated meter may be faster. */
  readonly baudRate?: number;
}

/**
 * The whole bridge:
 *
 *   port ──▶ line ──▶ meter ──▶ outputs ──▶ MQTT, Home Assistant
 *                       ▲          │
 *                       └ "read now" by its serial number
 */
export class Bridge {
  /** Undefined where there is no broker. */
  private readonly connection: MqttConnection | undefined;
  private readonly store: StateStore;
  private readonly memory: StoredMeterMemory;
  private readonly outputs: Outputs;
  private readonly registry: MeterRegistry;
  private readonly allMeters: Meters;
  private readonly logDuty: LogDuty | undefined;
  private readonly waker: Waker;
  private readonly clockWatch: ClockWatch;
  private readonly surroundings: SurroundingsWatch;
  private readonly clock: Clock;
  private readonly publishedUnits: PublishedUnits;

  /** Loads the code of the outputs that are on before anything is made. */
  static async make(options: BridgeOptions): Promise<Bridge> {
    return new Bridge(options, await loadOutputs(options.config));
  }

  private constructor(
    {
      config,
      version,
      logger,
      brokerSource,
      surroundings,
      ownLanguage,
      page,
      recorder,
      logs,
      showsLine,
      since,
      clock = computerClock,
      random = Math.random,
      baudRate,
    }: BridgeOptions,
    loaded: readonly MakeOutput[],
  ) {
    const store = new StateStore(config.dataDir, logger, undefined, clock);
    const presence = new StoredPresence(store);
    const place: BridgePlace = { guest: presence.guest };
    const topics = topicsBelow(config.mqtt.baseTopic, place);
    const stateTopic = topics.bridgeState;
    if (config.mqtt.enabled) {
      this.connection = new MqttConnection({
        settings: config.mqtt,
        source: brokerSource,
        stateTopic,
        own: [`${topics.base}/#`, `${config.homeAssistant.discoveryPrefix}/#`],
        clock,
        random,
        logger,
      });
    }
    const { connection } = this;
    this.waker = new Waker(clock, logger);
    const memory = new StoredMeterMemory(store);
    const publishedUnits = new StoredUnits(store);
    this.publishedUnits = publishedUnits;
    this.store = store;
    this.memory = memory;
    const forgotten = (serialNumber: string, done: () => void): void => {
      logger.info(`Meter ${serialNumber} has left the configuration: what was published of it is taken back`);
      this.outputs.publisher.meterForgotten(serialNumber);
      publishedUnits.forget(serialNumber);
      // Not before: a broker that is away now would keep its topics for ever.
      if (connection === undefined) done();
      else connection.onceDelivered(done);
    };
    const registry = new MeterRegistry({ store: memory, clock, logger, forgotten });
    this.registry = registry;
    const watch = new SurroundingsWatch({
      surroundings,
      standard: { language: config.language, page },
      ownLanguage,
      store,
      clock,
      random,
      logger,
      changed: () => this.outputs.appearanceChanged(),
    });
    this.surroundings = watch;
    this.outputs = new Outputs({
      config,
      loaded,
      connection,
      topics,
      place,
      presence,
      prefixes: new StoredPrefixes(store),
      before: (serialNumber) => registry.before(serialNumber),
      host: hostname(),
      version,
      appearance: () => watch.appearance,
      clock,
      random,
      logger,
      requestReading: (serialNumber) => registry.readNow(serialNumber),
      loggedRows: logs && ((...asked) => publishedRows(logs.shelf, this.unitsOf(asked[0]), ...asked)),
      stuck: () => [...stuckReadings(config.meters, this.meters), ...this.overdue],
      notReady: () => [
        ...(this.clockProblem === undefined ? [] : [this.clockProblem]),
        ...notReady(this.broker, config.meters, this.meters),
      ],
    });
    this.clock = clock;
    this.clockWatch = new ClockWatch(clock, logger);
    this.logDuty =
      logs &&
      logDutyOf(logs, {
        config,
        meterWith: (serialNumber) => this.allMeters.withNumber(serialNumber),
        outputs: this.otherOutputs,
        unitsOf: (serialNumber) => this.unitsOf(serialNumber),
        clock,
        logger,
      });
    this.allMeters = new Meters(config.meters, {
      baudRate,
      store: memory,
      claims: registry,
      publisher: this.outputs.publisher,
      besides: [recorder, this.logDuty].filter((besides) => besides !== undefined),
      showsLine,
      publishedUnits,
      cron: this.waker.schedule,
      since,
      language: () => watch.appearance.language,
      clock,
      random,
      logger,
    });
  }

  /** Undefined where there is none. */
  get broker(): BrokerState | undefined {
    const state = this.connection?.state;
    return state && { ...state, problem: state.problem ?? this.outputs.brokerProblem };
  }

  /** In words; undefined while the computer's clock can be right. */
  get clockProblem(): string | undefined {
    return this.clockWatch.problem;
  }

  /** Without MQTT and Home Assistant. */
  get otherOutputs(): readonly Output[] {
    return this.outputs.others;
  }

  /** In the order of the configuration. */
  get meters(): readonly MeterStatus[] {
    return this.allMeters.statuses;
  }

  /** Schedules whose time has come without anything being done, in words. */
  get overdue(): readonly string[] {
    return this.waker.overdue();
  }

  /** The units in which a meter's quantities were published last. */
  unitsOf(serialNumber: string): Readonly<Record<string, string>> {
    return this.publishedUnits.recall(serialNumber).published;
  }

  /** As `Meters.at`. */
  meterAt(index: number): Meter | undefined {
    return this.allMeters.at(index);
  }

  /** As `Meters.readNow`. */
  readNow(index: number): ReadingRefused | undefined {
    return this.allMeters.readNow(index);
  }

  /** As `Meters.freePort`. */
  freePort(port: string, back: AbortSignal): Promise<void> | undefined {
    return this.allMeters.freePort(port, back);
  }

  /** As `Meters.charge`; another meter that answered there bears it from the next start on, if it is known then. */
  charge(asked: AskedMeter, use: BatteryUse): void {
    const { serialNumber } = asked;
    if (this.allMeters.charge(asked, use) || serialNumber === undefined) return;
    this.memory.leaveCosts(serialNumber, accountOf(use, '', this.clock));
  }

  start(): void {
    this.store.tidy();
    this.clockWatch.start();
    this.surroundings.start();
    this.outputs.start(this.memory.all().map(({ serialNumber }) => serialNumber));
    this.connection?.start();
    this.allMeters.start();
    this.registry.start();
  }

  /** Resolves when no reading runs. */
  async idle(): Promise<void> {
    await this.allMeters.idle();
  }

  /** Ends within five seconds: a running reading is cut after two, and `offline` takes at most two. */
  async stop(): Promise<void> {
    this.clockWatch.stop();
    this.surroundings.stop();
    this.registry.stop();
    await this.allMeters.endReadings();
    // Together: a port that is slow to close must not keep `offline` from being said.
    await Promise.all([
      this.outputs.stop(),
      this.connection?.stop(),
      this.allMeters.close(),
      this.logDuty?.stop(),
    ]);
    this.store.stop();
  }
}
