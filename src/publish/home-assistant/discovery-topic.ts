import type { MqttConnection } from '../../mqtt/mqtt-connection.ts';
import type { Clock } from '../../shared/clock.ts';
import type { DeviceDiscovery } from './device-discovery.ts';
import { nextPayload } from './next-payload.ts';

/** How long (ms) a broker may take to hand out what it holds. */
const RETAINED_WITHIN = 1_000;
/** Between two payloads (ms). Home Assistant drops parts of a second one while it still sets up the first. */
const PAUSE = 5_000;

/**
 * One device's discovery topic, mirrored: what the broker holds is compared with what we want, and only a difference is
 * published. Nothing is sent in answer to a message here, so that two who disagree do not chase each other.
 */
export class DiscoveryTopic {
  private readonly connection: MqttConnection;
  private readonly clock: Clock;
  private readonly topic: string;
  private wanted: DeviceDiscovery | undefined;
  private wantedText = '';
  /** Undefined while we do not know; empty when the broker holds nothing. */
  private held: string | undefined;
  /** What we published and have not heard back yet. */
  private echoes: string[] = [];
  private pausing = false;
  private cancelPause: () => void = () => {};
  private cancelWait: () => void = () => {};
  private unsubscribe: () => void = () => {};
  private unlisten: () => void = () => {};

  constructor(connection: MqttConnection, clock: Clock, topic: string) {
    this.connection = connection;
    this.clock = clock;
    this.topic = topic;
  }

  start(): void {
    this.unlisten = this.connection.onConnected(() => this.look());
    this.unsubscribe = this.connection.subscribe(this.topic, (payload) => this.seen(payload));
    if (this.connection.connected) this.look();
  }

  stop(): void {
    this.cancelPause();
    this.cancelWait();
    this.unsubscribe();
    this.unlisten();
  }

  /** The same as before is nothing new, even where somebody deleted the device in Home Assistant meanwhile. */
  want(discovery: DeviceDiscovery): void {
    const text = JSON.stringify(discovery);
    if (text === this.wantedText) return;
    this.wanted = discovery;
    this.wantedText = text;
    this.compare();
  }

  /** Publishes what is missing or different at the broker. */
  compare(): void {
    if (this.wanted === undefined || this.held === undefined || this.pausing || !this.connection.connected)
      return;
    const next = nextPayload(this.held, this.wanted);
    if (next === this.held) return;
    this.connection.publishOnce(this.topic, next);
    this.held = next;
    this.echoes.push(next);
    this.pausing = true;
    this.cancelPause = this.clock.after(PAUSE, () => {
      this.pausing = false;
      this.compare();
    });
  }

  private look(): void {
    this.held = undefined;
    this.echoes = [];
    this.cancelWait();
    this.cancelWait = this.clock.after(RETAINED_WITHIN, () => {
      this.held ??= '';
      this.compare();
    });
  }

  /** The broker hands messages out in the order in which it took them: what comes before our echo was there before us. */
  private seen(payload: string): void {
    if (this.echoes.length > 0) {
      this.echoes = this.echoes.slice(this.echoes.indexOf(payload) + 1);
      return;
    }
    const first = this.held === undefined;
    this.held = payload;
    if (first) this.compare();
  }
}
