import type { Config } from '../config/keys.ts';
import type { Publisher } from '../meter/publisher.ts';
import type { MqttConnection } from '../mqtt/connection.ts';
import type { Topics } from '../mqtt/topics.ts';
import { bridgeDeviceId, discoveryTopics, meterDeviceId } from '../outputs/home-assistant/discovery.ts';
import { DiscoveryRemoval } from '../outputs/home-assistant/discovery-sync.ts';
import { HomeAssistantPublisher } from '../outputs/home-assistant/publisher.ts';
import { announcedUnit } from '../outputs/home-assistant/quantity-entity.ts';
import { BridgeDiagnostics } from '../outputs/mqtt/diagnostics.ts';
import { ValuesPublisher } from '../outputs/mqtt/kamstrup-402-topic.ts';
import { MqttPublisher } from '../outputs/mqtt/state-publisher.ts';
import type { Output } from '../outputs/output.ts';
import type { Deps } from '../shared/deps.ts';

export interface BrokerOutputsOptions extends Deps {
  readonly config: Config;
  readonly connection: MqttConnection;
  readonly topics: Topics;
  readonly version: string;
  readonly requestReading: (serialNumber: string) => void;
  /** Their health is published at the broker. */
  readonly others: readonly Output[];
}

/** Joins what goes to the broker: plain MQTT, Home Assistant's discovery, and the topics of programs before us. */
export class BrokerOutputs {
  readonly publishers: readonly Publisher[];
  private readonly options: BrokerOutputsOptions;
  private readonly mqtt: MqttPublisher;
  private readonly homeAssistant: HomeAssistantPublisher | undefined;
  private readonly diagnostics: BridgeDiagnostics;
  private removals: readonly DiscoveryRemoval[] = [];

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
    this.mqtt = new MqttPublisher({ ...options, ...(enabled && { announcedUnit }) });
    const { valuesTopic } = config.compatibility;
    this.publishers = [
      // States before discovery, so that an entity finds its first value when it appears.
      this.mqtt,
      ...(this.homeAssistant ? [this.homeAssistant] : []),
      ...(valuesTopic === '' ? [] : [new ValuesPublisher(connection, valuesTopic)]),
    ];
  }

  /** `known`: meters of earlier runs. Where Home Assistant was switched off since, their discovery is retracted. */
  start(known: readonly string[]): void {
    this.homeAssistant?.start();
    this.diagnostics.start();
    if (this.homeAssistant === undefined && known.length > 0) this.retractDiscovery(known);
  }

  /** The health of another output has changed. */
  outputChanged(): void {
    this.diagnostics.changed();
  }

  stop(): void {
    this.mqtt.stop();
    this.homeAssistant?.stop();
    this.diagnostics.stop();
    for (const removal of this.removals) removal.stop();
  }

  private retractDiscovery(serialNumbers: readonly string[]): void {
    const { connection, clock, topics, config } = this.options;
    const devices = [bridgeDeviceId(topics.base), ...serialNumbers.map(meterDeviceId)];
    this.removals = devices.map((device) => {
      const places = discoveryTopics(config.homeAssistant.discoveryPrefix, device);
      return new DiscoveryRemoval(connection, clock, places, ORIGIN);
    });
    for (const removal of this.removals) removal.start();
  }
}

const ORIGIN = 'multical2mqtt';
