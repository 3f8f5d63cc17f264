import type { MqttConnection } from '../../mqtt/connection.ts';
import { RetainedScan } from '../../mqtt/retained-scan.ts';
import type { Topics } from '../../mqtt/topics.ts';
import type { Deps } from '../../shared/deps.ts';
import { fieldsOf, itemsOf } from '../../shared/stored.ts';
import { readDiscovery } from './abbreviations.ts';

interface OtherAnnouncerOptions extends Deps {
  readonly connection: MqttConnection;
  readonly topics: Topics;
}

/** The last part of the topic at which a bridge says whether it is there; nothing else is listened to. */
const BRIDGE_STATE = /^[^+#\0]{1,200}\/bridge\/([0-9a-f]{8}\/)?state$/;

/**
 * Tells when a meter is announced by another bridge, below another base topic, that is alive: Home Assistant knows a meter
 * by its number alone, so that the two overwrite each other. After a change of our own base topic, nobody is alive there.
 */
export class OtherAnnouncer {
  private readonly options: OtherAnnouncerOptions;
  private readonly serialNumber: string;
  private scan: RetainedScan | undefined;
  private told = false;

  constructor(options: OtherAnnouncerOptions, serialNumber: string) {
    this.options = options;
    this.serialNumber = serialNumber;
  }

  /** `held`: topic and payload of all that the broker holds of the meter's discovery. */
  found(held: ReadonlyMap<string, string>): void {
    const theirs = Array.from(held.values())
      .flatMap(statesIn)
      .find((topic) => !this.isOurs(topic));
    if (theirs === undefined || this.told) return;
    const { connection, clock } = this.options;
    let state = '';
    this.scan?.stop();
    this.scan = new RetainedScan(connection, clock, [theirs], {
      started: () => {},
      received: (_topic, payload) => {
        state = payload;
      },
      complete: () => {
        this.stop();
        if (state === 'online') this.tell(theirs);
      },
    });
    this.scan.start();
  }

  stop(): void {
    this.scan?.stop();
    this.scan = undefined;
  }

  /** Those who share our base topic find us in another way. */
  private isOurs(topic: string): boolean {
    return topic.startsWith(`${this.options.topics.base}/bridge/`);
  }

  private tell(topic: string): void {
    this.told = true;
    this.options.logger.warn(
      `Meter ${this.serialNumber} is read by another bridge too, which is online at ${topic}: both announce it to Home Assistant and overwrite each other. Remove it from the configuration of one of them.`,
    );
  }
}

/** Topics in an availability that are those of a bridge. */
function statesIn(payload: string): readonly string[] {
  return itemsOf(readDiscovery(payload).availability, (entry) => {
    const { topic } = fieldsOf(entry);
    return typeof topic === 'string' && BRIDGE_STATE.test(topic) ? topic : undefined;
  });
}
