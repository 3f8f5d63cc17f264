import type { Config } from '../config/config.ts';
import type { Logger } from '../log/logger.ts';
import type { MqttConnection } from '../mqtt/mqtt-connection.ts';
import type { Topics } from '../mqtt/topics.ts';
import { ValuesPublisher } from '../publish/compatibility/values-publisher.ts';
import { FanOut } from '../publish/fan-out.ts';
import { bridgeDeviceId, meterDeviceId } from '../publish/home-assistant/device-ids.ts';
import { DiscoveryRemoval } from '../publish/home-assistant/discovery-removal.ts';
import { discoveryTopics } from '../publish/home-assistant/discovery-topics.ts';
import { HomeAssistantPublisher } from '../publish/home-assistant/home-assistant-publisher.ts';
import { MqttPublisher } from '../publish/mqtt/mqtt-publisher.ts';
import type { Publisher } from '../publish/publisher.ts';
import type { Random } from '../shared/back-off.ts';
import type { Clock } from '../shared/clock.ts';

export interface OutputsOptions {
  readonly config: Config;
  readonly connection: MqttConnection;
  readonly topics: Topics;
  readonly version: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly requestReading: (serialNumber: string) => void;
}

/** Every place that readings go to, as the configuration wants it. */
export class Outputs {
  readonly publisher: Publisher;
  private readonly homeAssistant: HomeAssistantPublisher | undefined;
  private removals: readonly DiscoveryRemoval[] = [];
  private readonly takeBackDiscovery: (serialNumbers: readonly string[]) => void = () => {};

  constructor({ config, version, requestReading, ...shared }: OutputsOptions) {
    const plain = new MqttPublisher({ ...shared, requestReading });
    const { enabled, ...discovery } = config.homeAssistant;
    const origin = { name: 'multical2mqtt', version };
    if (enabled) {
      this.homeAssistant = new HomeAssistantPublisher({ ...shared, ...discovery, origin });
    } else {
      this.takeBackDiscovery = (serialNumbers) => {
        const { connection, clock } = shared;
        this.removals = [bridgeDeviceId(shared.topics.base), ...serialNumbers.map(meterDeviceId)].map(
          (device) => {
            const topics = discoveryTopics(discovery.discoveryPrefix, device);
            return new DiscoveryRemoval(connection, clock, topics, origin.name);
          },
        );
        for (const removal of this.removals) removal.start();
      };
    }
    // States before discovery, so that an entity finds its first value when it appears.
    const { valuesTopic } = config.compatibility;
    const publishers = [
      plain,
      ...(this.homeAssistant ? [this.homeAssistant] : []),
      ...(valuesTopic === '' ? [] : [new ValuesPublisher(shared.connection, valuesTopic)]),
    ];
    this.publisher = new FanOut(publishers, shared.logger);
  }

  /** `known`: meters of earlier runs. Where Home Assistant was switched off since, they are taken back from it. */
  start(known: readonly string[]): void {
    this.homeAssistant?.start();
    if (known.length > 0) this.takeBackDiscovery(known);
  }

  stop(): void {
    this.homeAssistant?.stop();
    for (const removal of this.removals) removal.stop();
  }
}
