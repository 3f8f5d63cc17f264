import type { Config } from '../config/config.ts';
import type { Logger } from '../log/logger.ts';
import type { MqttConnection } from '../mqtt/mqtt-connection.ts';
import type { Topics } from '../mqtt/topics.ts';
import { ValuesPublisher } from '../publish/compatibility/values-publisher.ts';
import { FanOut } from '../publish/fan-out.ts';
import { bridgeDeviceId, discoveryTopicOf, meterDeviceId } from '../publish/home-assistant/device-ids.ts';
import { HomeAssistantPublisher } from '../publish/home-assistant/home-assistant-publisher.ts';
import { MqttPublisher } from '../publish/mqtt/mqtt-publisher.ts';
import type { Output } from '../publish/output.ts';
import type { Publisher } from '../publish/publisher.ts';
import type { Random } from '../shared/back-off.ts';
import type { Clock } from '../shared/clock.ts';
import { makeOutputs } from './make-outputs.ts';

export interface OutputsOptions {
  readonly config: Config;
  /** Undefined where there is no broker. */
  readonly connection: MqttConnection | undefined;
  readonly topics: Topics;
  readonly version: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly requestReading: (serialNumber: string) => void;
  readonly stuck: () => readonly string[];
  readonly notReady: () => readonly string[];
}

/** Every place that readings go to, as the configuration wants it. */
export class Outputs {
  readonly publisher: Publisher;
  /** Those besides MQTT and Home Assistant. */
  readonly others: readonly Output[];
  private readonly homeAssistant: HomeAssistantPublisher | undefined;
  private readonly takeBackDiscovery: (serialNumbers: readonly string[]) => void = () => {};

  constructor(options: OutputsOptions) {
    const { connection, logger } = options;
    this.others = makeOutputs({ ...options, changed: () => {} });
    if (connection === undefined) {
      this.publisher = new FanOut(this.others, logger);
      return;
    }
    const { config, version, requestReading } = options;
    const shared = { ...options, connection };
    const plain = new MqttPublisher({ ...shared, requestReading });
    const { enabled, discoveryPrefix, statusTopic } = config.homeAssistant;
    if (enabled) {
      const origin = { name: 'multical2mqtt', version };
      this.homeAssistant = new HomeAssistantPublisher({ ...shared, discoveryPrefix, statusTopic, origin });
    } else {
      this.takeBackDiscovery = (serialNumbers) => {
        const devices = [bridgeDeviceId(shared.topics.base), ...serialNumbers.map(meterDeviceId)];
        for (const device of devices) connection.clear(discoveryTopicOf(discoveryPrefix, device));
      };
    }
    // States before discovery, so that an entity finds its first value when it appears.
    const { valuesTopic } = config.compatibility;
    const publishers = [
      plain,
      ...(this.homeAssistant ? [this.homeAssistant] : []),
      ...(valuesTopic === '' ? [] : [new ValuesPublisher(connection, valuesTopic)]),
      ...this.others,
    ];
    this.publisher = new FanOut(publishers, logger);
  }

  /** `known`: meters of earlier runs. Where Home Assistant was switched off since, they are taken back from it. */
  start(known: readonly string[]): void {
    this.homeAssistant?.start();
    if (known.length > 0) this.takeBackDiscovery(known);
    for (const output of this.others) output.start();
  }

  async stop(): Promise<void> {
    this.homeAssistant?.stop();
    await Promise.all(this.others.map((output) => output.stop()));
  }
}
