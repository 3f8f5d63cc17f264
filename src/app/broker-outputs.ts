import type { Config } from '../config/keys.ts';
import type { Publisher } from '../meter/publisher.ts';
import type { MqttConnection } from '../mqtt/connection.ts';
import type { BridgePlace, Topics } from '../mqtt/topics.ts';
import { type Appearance, bridgeDeviceId, meterDeviceId } from '../outputs/home-assistant/discovery.ts';
import type { DiscoveryRemoval } from '../outputs/home-assistant/discovery-removal.ts';
import { discoveryRemovals, type PrefixMemory } from '../outputs/home-assistant/former-discovery.ts';
import { HomeAssistantPublisher } from '../outputs/home-assistant/publisher.ts';
import { announcedUnit } from '../outputs/home-assistant/quantity-entity.ts';
import type { AvailabilityMemory } from '../outputs/mqtt/availability.ts';
import { BridgeDiagnostics } from '../outputs/mqtt/diagnostics.ts';
import { EventPublisher } from '../outputs/mqtt/event-topic.ts';
import { ValuesPublisher } from '../outputs/mqtt/kamstrup-402-topic.ts';
import { LogTopic, type LogTopicOptions } from '../outputs/mqtt/log-topic.ts';
import { type GuestMemory, Neighbours } from '../outputs/mqtt/neighbours.ts';
import { MqttPublisher } from '../outputs/mqtt/state-publisher.ts';
import type { Output } from '../outputs/output.ts';
import type { Deps } from '../shared/deps.ts';
import type { SafeText } from '../shared/secrets.ts';

export interface BrokerOutputsOptions extends Deps {
  readonly config: Config;
  readonly connection: MqttConnection;
  readonly topics: Topics;
  /** Of this bridge among those below the same base topic. */
  readonly place: BridgePlace;
  readonly presence: AvailabilityMemory & GuestMemory;
  readonly prefixes: PrefixMemory;
  /** Serial numbers of other meters that were seen where this one is. */
  readonly before: (serialNumber: string) => readonly string[];
  /** The name of this machine. */
  readonly host: string;
  readonly version: string;
  readonly appearance: () => Appearance;
  readonly requestReading: (serialNumber: string) => void;
  /** What is kept of a meter's own log, in the units of topics; left out where nothing is kept. */
  readonly loggedRows?: LogTopicOptions['loggedRows'] | undefined;
  /** Their health is published at the broker. */
  readonly others: readonly Output[];
}

/** Joins what goes to the broker: plain MQTT, Home Assistant's discovery, and the topics of programs before us. */
export class BrokerOutputs {
  readonly publishers: readonly Publisher[];
  private readonly options: BrokerOutputsOptions;
  private readonly mqtt: MqttPublisher;
  private readonly events: EventPublisher;
  private readonly logTopic: LogTopic | undefined;
  private readonly homeAssistant: HomeAssistantPublisher | undefined;
  private readonly diagnostics: BridgeDiagnostics;
  private readonly neighbours: Neighbours;
  private removals: readonly DiscoveryRemoval[] = [];
  private wasUsed = false;

  constructor(options: BrokerOutputsOptions) {
    this.options = options;
    const { config, connection, others } = options;
    const { enabled, ...discovery } = config.homeAssistant;
    if (enabled) {
      const outputs = others.map(({ definition }) => definition);
      const origin = { name: ORIGIN, version: options.version };
      this.homeAssistant = new HomeAssistantPublisher({
        ...options,
        ...discovery,
        origin,
        outputs,
        stateOf: (serialNumber) => this.mqtt.stateOf(serialNumber),
      });
    }
    this.diagnostics = new BridgeDiagnostics(options);
    const memory = options.presence;
    const { homeAssistant } = this;
    this.mqtt = new MqttPublisher({
      ...options,
      memory,
      ...(homeAssistant && {
        announcedUnit,
        onceTakenBack: (serialNumber, action) => homeAssistant.onceTakenBack(serialNumber, action),
      }),
    });
    this.neighbours = new Neighbours({
      ...options,
      memory,
      readElsewhere: (serialNumber) => {
        this.mqtt.readElsewhere(serialNumber);
        this.homeAssistant?.readElsewhere(serialNumber);
      },
      owns: (isOwner) => (isOwner ? this.speakForAll() : this.speakForOurs()),
    });
    this.events = new EventPublisher({ ...options, statusTopic: discovery.statusTopic });
    const { loggedRows } = options;
    const timezoneOf = (name: string): string =>
      config.meters.find((meter) => meter.name === name)?.timezone ?? '';
    this.logTopic = loggedRows && new LogTopic({ ...options, loggedRows, timezoneOf });
    const { valuesTopic } = config.compatibility;
    this.publishers = [
      // States before discovery, so that an entity finds its first value when it appears.
      this.mqtt,
      ...(this.homeAssistant ? [this.homeAssistant] : []),
      this.neighbours,
      this.events,
      ...(this.logTopic ? [this.logTopic] : []),
      ...(valuesTopic === '' ? [] : [new ValuesPublisher(connection, valuesTopic)]),
    ];
  }

  /** What another bridge has to do with ours, in words; undefined where all is well. */
  get problem(): SafeText | undefined {
    return this.neighbours.problem;
  }

  /** `known`: meters of earlier runs. Where Home Assistant was switched off since, their discovery is retracted. */
  start(known: readonly string[]): void {
    this.wasUsed = known.length > 0;
    this.mqtt.start();
    this.neighbours.start(known);
    this.events.start();
    this.logTopic?.start();
    this.homeAssistant?.start();
    if (this.homeAssistant === undefined) this.retractDiscovery(known.map(meterDeviceId));
  }

  /** What is the bridge's as a whole is said by one of those that share a base topic. */
  private speakForAll(): void {
    this.diagnostics.start();
    this.homeAssistant?.announceBridge();
    if (this.homeAssistant === undefined && this.wasUsed)
      this.retractDiscovery([bridgeDeviceId(this.options.topics.base)]);
  }

  private speakForOurs(): void {
    this.diagnostics.leave();
    this.homeAssistant?.leaveBridge();
  }

  appearanceChanged(): void {
    this.homeAssistant?.appearanceChanged();
  }

  /** The health of another output has changed. */
  outputChanged(): void {
    this.diagnostics.changed();
  }

  stop(): void {
    this.mqtt.stop();
    this.neighbours.stop();
    this.events.stop();
    this.logTopic?.stop();
    this.homeAssistant?.stop();
    this.diagnostics.stop();
    for (const removal of this.removals) removal.stop();
  }

  private retractDiscovery(devices: readonly string[]): void {
    const { discoveryPrefix } = this.options.config.homeAssistant;
    const removals = devices.flatMap((device) =>
      discoveryRemovals(device, { ...this.options, discoveryPrefix, originName: ORIGIN }),
    );
    this.removals = [...this.removals, ...removals];
    for (const removal of removals) removal.start();
  }
}

const ORIGIN = 'multical2mqtt';
