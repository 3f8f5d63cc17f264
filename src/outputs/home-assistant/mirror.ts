import type { MqttConnection } from '../../mqtt/connection.ts';
import { RetainedLook } from '../../mqtt/retained-look.ts';
import type { Clock } from '../../shared/clock.ts';
import { isObject, jsonObject } from '../../shared/stored.ts';
import type { DeviceDiscovery, DiscoveryForm, DiscoveryTopics } from './discovery.ts';
import { nextBurst } from './migration.ts';

/**
 * Whether we announced this entity: the payload names us as its origin, or is the marker that we leave where we moved it
 * from. A user may hang entities of their own on our device; those stay.
 */
function isOurs(payload: string, originName: string): boolean {
  const { origin, migrate_discovery } = jsonObject(payload);
  return migrate_discovery === true || (isObject(origin) && origin.name === originName);
}

/** Between two bursts (ms). Home Assistant drops parts of a second one while it still sets up the first. */
const PAUSE = 5_000;

interface DiscoveryMirrorOptions {
  readonly connection: MqttConnection;
  readonly clock: Clock;
  readonly topics: DiscoveryTopics;
  readonly form: DiscoveryForm;
  /** By what we know our own payloads. */
  readonly originName: string;
}

/**
 * One device's discovery topics, mirrored: what the broker holds is compared with what we want, and only a difference is
 * published. Nothing is sent in answer to a message here, so that two who disagree do not chase each other.
 */
export class DiscoveryMirror {
  private readonly options: DiscoveryMirrorOptions;
  private readonly look: RetainedLook;
  private wanted: DeviceDiscovery | undefined;
  private wantedText = '';
  /** While false, `held` is not all. */
  private known = false;
  private readonly held = new Map<string, string>();
  private announced = false;
  /** What we published to each topic and have not heard back yet. */
  private readonly echoes = new Map<string, readonly string[]>();
  private pausing = false;
  private cancelPause: () => void = () => {};

  constructor(options: DiscoveryMirrorOptions) {
    this.options = options;
    const { connection, clock, topics } = options;
    this.look = new RetainedLook(connection, clock, [topics.device, topics.anyComponent], {
      began: () => this.forget(),
      seen: (topic, payload) => this.seen(topic, payload),
      complete: () => {
        this.known = true;
        this.compare();
      },
    });
  }

  start(): void {
    this.look.start();
  }

  stop(): void {
    this.cancelPause();
    this.look.stop();
  }

  /** The same as before is nothing new, even where somebody deleted the device in Home Assistant meanwhile. */
  want(discovery: DeviceDiscovery): void {
    const text = JSON.stringify(discovery);
    if (text === this.wantedText) return;
    this.wanted = discovery;
    this.wantedText = text;
    this.compare();
  }

  /** Publishes what is missing or different at the broker, one burst at a time. */
  compare(): void {
    const { connection, clock, form, topics } = this.options;
    const wanted = this.wanted;
    if (wanted === undefined || !this.known || this.pausing || !connection.connected) return;
    const burst = nextBurst({ held: this.held, wanted, form, topics, announced: this.announced });
    if (burst === undefined) return;
    for (const { topic, payload } of burst.messages) {
      connection.publishOnce(topic, payload);
      this.hold(topic, payload);
      this.echoes.set(topic, [...(this.echoes.get(topic) ?? []), payload]);
    }
    if (burst.step !== 'clear') this.announced = burst.step === 'announce';
    this.pausing = true;
    this.cancelPause = clock.after(PAUSE, () => {
      this.pausing = false;
      this.compare();
    });
  }

  private forget(): void {
    this.known = false;
    this.announced = false;
    this.held.clear();
    this.echoes.clear();
  }

  /** The broker hands messages out in the order in which it took them: what comes before our echo was there before us. */
  private seen(topic: string, payload: string): void {
    const { topics, originName } = this.options;
    const echoes = this.echoes.get(topic) ?? [];
    if (echoes.length > 0) this.echoes.set(topic, echoes.slice(echoes.indexOf(payload) + 1));
    else if (topic === topics.device) this.hold(topic, payload);
    else if (topics.isComponent(topic)) this.hold(topic, isOurs(payload, originName) ? payload : '');
  }

  private hold(topic: string, payload: string): void {
    if (payload === '') this.held.delete(topic);
    else this.held.set(topic, payload);
  }
}

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
