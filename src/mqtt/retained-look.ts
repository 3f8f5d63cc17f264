import type { Clock } from '../shared/clock.ts';
import type { MqttConnection } from './connection.ts';

export interface LookEvents {
  /** At each connection: what was seen before may be wrong by now. */
  began(): void;
  /** While looking, and at every change from then on. An empty payload: the topic holds nothing. */
  seen(topic: string, payload: string): void;
  /** The broker has handed out all that it holds. */
  complete(): void;
}

/** For how long (ms) a broker that hands out what it holds may pause. Nothing in MQTT says which is the last. */
const PAUSE_WITHIN = 1_000;

/** What the broker holds at some topics, found out anew at each connection. */
export class RetainedLook {
  private readonly connection: MqttConnection;
  private readonly clock: Clock;
  private readonly filters: readonly string[];
  private readonly events: LookEvents;
  private looking = false;
  private cancelWait: () => void = () => {};
  private ends: ReadonlyArray<() => void> = [];

  /** `filters`: `+` is any one level. */
  constructor(connection: MqttConnection, clock: Clock, filters: readonly string[], events: LookEvents) {
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
          this.events.seen(topic, payload);
          if (retained && this.looking) this.wait();
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
    this.looking = true;
    this.events.began();
    this.wait();
  }

  private wait(): void {
    this.cancelWait();
    this.cancelWait = this.clock.after(PAUSE_WITHIN, () => {
      this.looking = false;
      // Lost meanwhile: the next connection looks again.
      if (this.connection.connected) this.events.complete();
    });
  }
}
