import type { MqttConnection } from '../../mqtt/connection.ts';
import { RetainedScan } from '../../mqtt/retained-scan.ts';
import type { Clock } from '../../shared/clock.ts';
import { isObject } from '../../shared/stored.ts';
import { readDiscovery } from './abbreviations.ts';
import type { DiscoveryTopics } from './discovery.ts';

/**
 * Removes one device from Home Assistant, in whichever form it was announced. Only the broker knows which entities it had,
 * perhaps in an earlier run; until the scan is complete, the connection does not count as delivered.
 */
export class DiscoveryRemoval {
  private readonly connection: MqttConnection;
  private readonly scan: RetainedScan;
  private readonly cleared = new Set<string>();
  private scanned: () => void = () => {};
  private whenEmptied: () => void = () => {};
  private unmove: () => void = () => {};

  constructor(connection: MqttConnection, clock: Clock, topics: DiscoveryTopics, originName: string) {
    this.connection = connection;
    this.scan = new RetainedScan(connection, clock, [topics.device, topics.anyComponent], {
      started: () => {},
      received: (topic, payload) => {
        // An empty message where there is nothing is one too many: Home Assistant writes of each entity of the other form.
        const isHeld = topic === topics.device && payload !== '';
        if (isHeld || (topics.isComponent(topic) && isOurs(payload, originName))) this.clear(topic);
      },
      complete: () => {
        this.scan.stop();
        this.whenEmptied();
        this.scanned();
      },
    });
  }

  /** `emptied`: the broker was told all of it. Not where the removal ends before. */
  start(emptied: () => void = () => {}): void {
    this.whenEmptied = emptied;
    this.scanned = this.connection.awaitMore();
    this.scan.start();
    // Another broker may hold other entities.
    this.unmove = this.connection.onMoved(() => {
      this.scan.stop();
      this.scan.start();
    });
  }

  /** Ends the removal, at other brokers too: the device is back, here or at another bridge. */
  end(): void {
    this.stop();
    this.scanned();
    for (const topic of this.cleared) this.connection.leave(topic);
  }

  /** An incomplete removal stays undelivered, for the next run. */
  stop(): void {
    this.unmove();
    this.scan.stop();
  }

  private clear(topic: string): void {
    this.cleared.add(topic);
    this.connection.clear(topic);
  }
}

/**
 * An entity is ours if its payload names us as the origin, or is the marker that we leave where we moved it from. A user
 * may hang entities of their own on our device; those stay.
 */
export function isOurs(payload: string, originName: string): boolean {
  const { origin, migrate_discovery } = readDiscovery(payload);
  return migrate_discovery === true || (isObject(origin) && origin.name === originName);
}
