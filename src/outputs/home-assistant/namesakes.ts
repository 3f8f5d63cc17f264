import type { MqttConnection } from '../../mqtt/connection.ts';
import { RetainedScan } from '../../mqtt/retained-scan.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Logger } from '../../shared/logger.ts';
import { discoveryTopics, meterDeviceId } from './discovery.ts';
import { heldDevice } from './held-discovery.ts';

export interface NamesakesOptions {
  readonly connection: MqttConnection;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly discoveryPrefix: string;
  /** Serial numbers of other meters that were seen where this one is. */
  readonly before: (serialNumber: string) => readonly string[];
}

/**
 * Keeps the device of a meter apart from that of the one before it behind the same port: that one is called after the
 * same entry of the configuration, and stays in Home Assistant, with its history, until somebody deletes it there.
 */
export class Namesakes {
  private readonly options: NamesakesOptions;
  private readonly serialNumber: string;
  /** What the devices of the others are called, by serial number. */
  private readonly names = new Map<string, unknown>();
  private scans: readonly RetainedScan[] = [];
  private open = 0;
  private told = false;

  constructor(options: NamesakesOptions, serialNumber: string) {
    this.options = options;
    this.serialNumber = serialNumber;
  }

  /**
   * `live`: the name of a device that is looked after in this run, to whose topics nobody else may listen from now on.
   * `changed`: all names are known.
   */
  start(live: (serialNumber: string) => string | undefined, changed: () => void): void {
    const others = this.options.before(this.serialNumber);
    for (const other of others) this.names.set(other, live(other));
    const unknown = others.filter((other) => this.names.get(other) === undefined);
    this.scans = unknown.map((other) => this.scanOf(other, changed));
    this.open = unknown.length;
    for (const scan of this.scans) scan.start();
  }

  stop(): void {
    for (const scan of this.scans) scan.stop();
  }

  /** Once: when that meter comes back, whoever looks after it has to be handed out what the broker holds. */
  private scanOf(other: string, changed: () => void): RetainedScan {
    const { connection, clock, discoveryPrefix } = this.options;
    const topics = discoveryTopics(discoveryPrefix, meterDeviceId(other));
    const held = new Map<string, string>();
    const scan = new RetainedScan(connection, clock, [topics.device, topics.anyComponent], {
      started: () => held.clear(),
      received: (topic, payload) => {
        if (payload !== '' && (topic === topics.device || topics.isComponent(topic)))
          held.set(topic, payload);
      },
      complete: () => {
        scan.stop();
        this.names.set(other, heldDevice(held, topics).device.name);
        this.open--;
        changed();
      },
    });
    return scan;
  }

  /** `name`, with the serial number where another one is called so already; undefined until that is known. */
  nameFor(name: string): string | undefined {
    if (this.open > 0) return undefined;
    const { logger } = this.options;
    const namesake = Array.from(this.names).find(([, other]) => other === name);
    if (namesake === undefined) return name;
    const own = `${name} ${this.serialNumber}`;
    if (!this.told)
      logger.info(
        `${name}: Home Assistant still has the device of meter ${namesake[0]}, which was behind this port before, so meter ${this.serialNumber} is called “${own}” there. The old device has no values any more, but its history; delete it in Home Assistant when you do not need that.`,
      );
    this.told = true;
    return own;
  }
}
