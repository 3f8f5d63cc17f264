import {
  type Awaited,
  type MeterDiagnostics,
  type MeterIdentity,
  NOTHING_AWAITED,
  type Publisher,
} from '../../meter/publisher.ts';
import type { MqttConnection } from '../../mqtt/connection.ts';
import type { Topics } from '../../mqtt/topics.ts';
import { newestOf, type Reading, stateJson } from '../../readings/reading.ts';
import type { Clock } from '../../shared/clock.ts';
import { diagnosticsJson } from './diagnostics.ts';
import { RetainedState } from './retained-state.ts';

/** Nobody who wants a reading writes more than this (characters): it is a mistake. */
const LONGEST_WISH = 1024;

interface MqttPublisherOptions {
  readonly connection: MqttConnection;
  readonly topics: Topics;
  readonly clock: Clock;
  /** Someone asked for a reading over MQTT. */
  readonly requestReading: (serialNumber: string) => void;
}

/** Plain MQTT: availability, state and diagnostics of each meter, and the wish for a reading in return. */
export class MqttPublisher implements Publisher {
  private readonly options: MqttPublisherOptions;
  private readonly unsubscribe = new Map<string, () => void>();
  /** By serial number. */
  private readonly retained = new Map<string, RetainedState>();

  constructor(options: MqttPublisherOptions) {
    this.options = options;
  }

  meterIdentified({ serialNumber }: MeterIdentity): void {
    if (this.unsubscribe.has(serialNumber)) return;
    const { connection, clock, topics, requestReading } = this.options;
    const end = connection.subscribe(topics.read(serialNumber), (payload, retained) => {
      // A retained wish is an old one: it would cost the meter's battery a reading at each connection.
      if (!retained && payload.length <= LONGEST_WISH) requestReading(serialNumber);
    });
    this.unsubscribe.set(serialNumber, end);
    const retained = new RetainedState(connection, clock, topics.state(serialNumber));
    this.retained.set(serialNumber, retained);
    retained.start();
  }

  readingTaken(
    { serialNumber }: MeterIdentity,
    fresh: readonly Reading[],
    latest: readonly Reading[],
    awaited: Awaited = NOTHING_AWAITED,
  ): void {
    // Values remembered from an earlier run are at the broker already, perhaps newer than our memory of them.
    const readAt = newestOf(fresh);
    if (readAt === undefined) return;
    const { connection, topics } = this.options;
    const retained = this.retained.get(serialNumber);
    retained?.whenKnown(awaited, () => {
      const missing = retained.missing(latest, awaited);
      connection.publish(topics.state(serialNumber), stateJson(latest, readAt, missing));
    });
  }

  availabilityChanged({ serialNumber }: MeterIdentity, online: boolean): void {
    this.options.connection.publish(
      this.options.topics.availability(serialNumber),
      online ? 'online' : 'offline',
    );
  }

  diagnosticsChanged({ serialNumber }: MeterIdentity, diagnostics: MeterDiagnostics): void {
    this.options.connection.publish(
      this.options.topics.diagnostics(serialNumber),
      diagnosticsJson(diagnostics),
    );
  }

  stop(): void {
    for (const retained of this.retained.values()) retained.stop();
  }

  meterForgotten(serialNumber: string): void {
    const { connection, topics } = this.options;
    this.unsubscribe.get(serialNumber)?.();
    this.unsubscribe.delete(serialNumber);
    this.retained.get(serialNumber)?.stop();
    this.retained.delete(serialNumber);
    for (const topic of [topics.state, topics.diagnostics, topics.availability])
      connection.clear(topic(serialNumber));
  }
}
