import type { MqttConnection } from '../../mqtt/connection.ts';
import { RetainedScan } from '../../mqtt/retained-scan.ts';
import type { Topics } from '../../mqtt/topics.ts';
import type { Clock } from '../../shared/clock.ts';
import { discoveryTopics } from './discovery.ts';
import { DiscoveryRemoval, isOurs } from './discovery-removal.ts';
import { MIGRATION_MARKER, PAUSE } from './migration.ts';

/** The prefixes below which each device may be announced. Survives restarts. */
export interface PrefixMemory {
  /** Undefined where nothing is known. */
  prefixesOf(deviceId: string): readonly string[] | undefined;
  /** None: the device is forgotten. */
  rememberPrefixes(deviceId: string, prefixes: readonly string[]): void;
}

interface FormerDiscoveryOptions {
  readonly connection: MqttConnection;
  readonly clock: Clock;
  readonly prefixes: PrefixMemory;
  /** The one of now. */
  readonly discoveryPrefix: string;
  readonly topics: Pick<Topics, 'base'>;
  /** Marks our own payloads. */
  readonly originName: string;
}

/**
 * Takes back what announces one device below another prefix, once it is announced below the one of now. Home Assistant
 * lets go of the entities before: their ids, names and history are there when it listens to the new prefix. Where the
 * memory is lost, and nothing was announced below the prefix of now, the broker is searched.
 */
export class FormerDiscovery {
  private readonly deviceId: string;
  private readonly options: FormerDiscoveryOptions;
  private searches: boolean | undefined;
  private scan: RetainedScan | undefined;
  private begun = false;
  private cancelPause: () => void = () => {};

  constructor(deviceId: string, options: FormerDiscoveryOptions) {
    this.deviceId = deviceId;
    this.options = options;
  }

  /** `isAnnounced`: below the prefix of now, when the broker was first looked at. */
  found(isAnnounced: boolean): void {
    this.searches ??= !isAnnounced && this.known === undefined;
  }

  /** To be called before anything is announced: a run that ends then leaves a trace of it. */
  announcing(): void {
    const { discoveryPrefix: prefix } = this.options;
    if (this.known?.includes(prefix) === false) this.remember([...this.known, prefix]);
  }

  /** To be called when the broker holds all that is wanted. */
  announced(): void {
    if (this.begun) return;
    this.begun = true;
    const { discoveryPrefix: prefix } = this.options;
    const former = this.searches ? ['+'] : (this.known ?? []).filter((each) => each !== prefix);
    const filters = former.flatMap((each) => {
      const { device, anyComponent } = discoveryTopics(each, this.deviceId);
      return [device, anyComponent];
    });
    if (filters.length === 0) this.remember([prefix]);
    else this.look(filters);
  }

  stop(): void {
    this.cancelPause();
    this.scan?.stop();
  }

  private look(filters: readonly string[]): void {
    const { connection, clock, originName } = this.options;
    const held = new Map<string, string>();
    const scan = new RetainedScan(connection, clock, filters, {
      started: () => held.clear(),
      received: (topic, payload) => {
        if (this.isFormer(topic, payload) && isOurs(payload, originName)) held.set(topic, payload);
        else held.delete(topic);
      },
      complete: () => {
        scan.stop();
        if (held.size === 0) this.remember([this.options.discoveryPrefix]);
        else this.release(held);
      },
    });
    this.scan = scan;
    scan.start();
  }

  /** What is found by a search may be another bridge's, below another base topic. */
  private isFormer(topic: string, payload: string): boolean {
    const { discoveryPrefix, topics } = this.options;
    if (topic.startsWith(`${discoveryPrefix}/`)) return false;
    return !this.searches || payload.includes(JSON.stringify(`${topics.base}/`).slice(0, -1));
  }

  private release(held: ReadonlyMap<string, string>): void {
    const { connection, clock, discoveryPrefix: prefix } = this.options;
    const former = Array.from(held.keys(), (topic) => prefixOf(topic, this.deviceId));
    this.remember([...new Set([...(this.known ?? []), prefix, ...former])]);
    for (const [topic, payload] of held)
      if (payload !== MIGRATION_MARKER) connection.publishOnce(topic, MIGRATION_MARKER);
    this.cancelPause = clock.after(PAUSE, () => {
      for (const topic of held.keys()) connection.clear(topic);
      connection.onceDelivered(() => this.remember([prefix]));
    });
  }

  private get known(): readonly string[] | undefined {
    return this.options.prefixes.prefixesOf(this.deviceId);
  }

  private remember(prefixes: readonly string[]): void {
    this.options.prefixes.rememberPrefixes(this.deviceId, prefixes);
  }
}

/** Either form has the device in the third level behind it, or the second. */
function prefixOf(topic: string, deviceId: string): string {
  return topic.slice(0, topic.lastIndexOf(`/${deviceId}/`)).replace(/\/[^/]*$/, '');
}

/** Below each prefix that the device may be announced at. */
export function discoveryRemovals(
  deviceId: string,
  { connection, clock, discoveryPrefix, prefixes, originName }: Omit<FormerDiscoveryOptions, 'topics'>,
): readonly DiscoveryRemoval[] {
  const all = new Set([discoveryPrefix, ...(prefixes.prefixesOf(deviceId) ?? [])]);
  return Array.from(
    all,
    (prefix) => new DiscoveryRemoval(connection, clock, discoveryTopics(prefix, deviceId), originName),
  );
}
