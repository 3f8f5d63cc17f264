import type { Clock } from '../shared/clock.ts';
import type { MqttConnection } from './connection.ts';

export interface ScanEvents {
  /** At each connection: earlier payloads may be wrong by now. */
  started(): void;
  /** During the scan, and at every change from then on. An empty payload: the topic holds nothing. */
  received(topic: string, payload: string): void;
  /** The broker has handed out all that it holds. */
  complete(): void;
}

/** For how long (ms) a broker that hands out what it holds may pause. Nothing in MQTT says which is the last. */
const PAUSE_WITHIN = 1_000;
/** A broker that never says whether it hands anything out must not hold up values for ever (ms). */
const ANSWERS_WITHIN = 300_000;

/** Reads what the broker holds at some topics, again at each connection. */
export class RetainedScan {
  private readonly connection: MqttConnection;
  private readonly clock: Clock;
  private readonly filters: readonly string[];
  private readonly events: ScanEvents;
  private scanning = false;
  private begunAt = 0;
  private cancelWait: () => void = () => {};
  private ends: ReadonlyArray<() => void> = [];

  /** `filters`: `+` is any one level. */
  constructor(connection: MqttConnection, clock: Clock, filters: readonly string[], events: ScanEvents) {
    this.connection = connection;
    this.clock = clock;
    this.filters = filters;
    this.events = events;
  }

  start(): void {
    const { connection } = this;
    this.ends = [
      connection.onConnected(() => this.begin()),
      ...this.filters.map((filter) =>
        connection.subscribe(filter, (payload, retained, topic) => {
          this.events.received(topic, payload);
          if (retained && this.scanning) this.wait();
        }),
      ),
    ];
    if (connection.connected) this.begin();
  }

  stop(): void {
    this.cancelWait();
    for (const end of this.ends) end();
    this.ends = [];
  }

  private begin(): void {
    this.scanning = true;
    this.begunAt = this.clock.monotonic();
    this.events.started();
    this.wait();
  }

  private wait(): void {
    this.cancelWait();
    this.cancelWait = this.clock.after(PAUSE_WITHIN, () => {
      const isPatient = this.clock.monotonic() - this.begunAt < ANSWERS_WITHIN;
      // It has not even begun.
      if (isPatient && this.filters.some((filter) => this.connection.isAsking(filter))) return this.wait();
      this.scanning = false;
      // A connection that was lost meanwhile is followed by another scan.
      if (this.connection.connected) this.events.complete();
    });
  }
}
