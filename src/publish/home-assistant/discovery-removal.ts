import type { MqttConnection } from '../../mqtt/mqtt-connection.ts';
import { RetainedLook } from '../../mqtt/retained-look.ts';
import type { Clock } from '../../shared/clock.ts';
import type { DiscoveryTopics } from './discovery-topics.ts';
import { isOurs } from './is-ours.ts';

/**
 * Takes one device back from Home Assistant, in whichever form it was announced. Which entities it had, perhaps in an
 * earlier run, only the broker knows; until that was looked up, the connection does not count as delivered.
 */
export class DiscoveryRemoval {
  private readonly connection: MqttConnection;
  private readonly topics: DiscoveryTopics;
  private readonly look: RetainedLook;
  private found: () => void = () => {};

  constructor(connection: MqttConnection, clock: Clock, topics: DiscoveryTopics, originName: string) {
    this.connection = connection;
    this.topics = topics;
    this.look = new RetainedLook(connection, clock, [topics.anyComponent], {
      began: () => {},
      seen: (topic, payload) => {
        if (topics.isComponent(topic) && isOurs(payload, originName)) connection.clear(topic);
      },
      complete: () => this.end(),
    });
  }

  start(): void {
    this.found = this.connection.awaitMore();
    this.connection.clear(this.topics.device);
    this.look.start();
  }

  /** Nothing more is to be taken back: all was found, or the device is back. */
  end(): void {
    this.look.stop();
    this.found();
  }

  /** What was not looked up stays undelivered, for the next run to take back. */
  stop(): void {
    this.look.stop();
  }
}
