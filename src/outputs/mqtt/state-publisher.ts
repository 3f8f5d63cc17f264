import type { Awaited, MeterDiagnostics, MeterIdentity, Publisher } from '../../meter/publisher.ts';
import type { MqttConnection } from '../../mqtt/connection.ts';
import type { Topics } from '../../mqtt/topics.ts';
import { newestOf, type Reading } from '../../readings/reading.ts';
import type { Clock } from '../../shared/clock.ts';
import { Availability, type AvailabilityMemory } from './availability.ts';
import { diagnosticsJson } from './diagnostics.ts';
import { StateTopic } from './state-topic.ts';

/** Nobody who wants a reading writes more than this (characters): it is a mistake. */
const LONGEST_WISH = 1024;

interface MqttPublisherOptions {
  readonly connection: MqttConnection;
  readonly topics: Topics;
  readonly clock: Clock;
  readonly memory: AvailabilityMemory;
  /** The unit that a reading is announced in; left out where nobody announces any. */
  readonly announcedUnit?: (reading: Reading) => string;
  /** Calls when nobody announces the forgotten meter any more: a template has nothing to find in an empty state. */
  readonly onceTakenBack?: (serialNumber: string, action: () => void) => void;
  /** Someone asked for a reading over MQTT. */
  readonly requestReading: (serialNumber: string) => void;
}

/** Plain MQTT: availability, state and diagnostics of each meter, and the wish for a reading in return. */
export class MqttPublisher implements Publisher {
  private readonly options: MqttPublisherOptions;
  private readonly availability: Availability;
  private readonly unsubscribe = new Map<string, () => void>();
  /** By serial number. */
  private readonly states = new Map<string, StateTopic>();

  constructor(options: MqttPublisherOptions) {
    this.options = options;
    this.availability = new Availability(options.connection, options.topics, options.memory);
  }

  meterIdentified({ serialNumber }: MeterIdentity): void {
    if (this.unsubscribe.has(serialNumber)) return;
    const { connection, topics, requestReading } = this.options;
    const end = connection.subscribe(topics.read(serialNumber), (payload, retained) => {
      // A retained wish is an old one: it would cost the meter's battery a reading at each connection.
      if (!retained && payload.length <= LONGEST_WISH) requestReading(serialNumber);
    });
    this.unsubscribe.set(serialNumber, end);
    this.availability.identified(serialNumber);
    this.stateOf(serialNumber).start();
  }

  /** The state topic of the meter with this number, which begins when it is identified. */
  stateOf(serialNumber: string): StateTopic {
    const { topics } = this.options;
    const known = this.states.get(serialNumber);
    const state =
      known ??
      new StateTopic({
        ...this.options,
        topic: topics.state(serialNumber),
        olderTopic: topics.older(serialNumber),
      });
    this.states.set(serialNumber, state);
    return state;
  }

  readingTaken(
    { serialNumber }: MeterIdentity,
    fresh: readonly Reading[],
    latest: readonly Reading[],
    awaited?: Awaited,
    goesOn = false,
  ): void {
    const state = this.stateOf(serialNumber);
    const read = goesOn ? latest : fresh;
    const readAt = newestOf(read);
    if (readAt === undefined) state.remembered(latest);
    else state.readingTaken(read, latest, readAt, awaited);
  }

  happened(): void {}

  availabilityChanged({ serialNumber }: MeterIdentity, online: boolean): void {
    this.availability.changed(serialNumber, online);
  }

  diagnosticsChanged({ serialNumber }: MeterIdentity, diagnostics: MeterDiagnostics): void {
    this.options.connection.publish(
      this.options.topics.diagnostics(serialNumber),
      diagnosticsJson(diagnostics),
    );
  }

  start(): void {
    this.availability.start();
  }

  /** Before the connection is stopped. */
  stop(): void {
    this.availability.stop();
    for (const state of this.states.values()) state.stop();
  }

  /** Another bridge reads a meter that has left our configuration. */
  readElsewhere(serialNumber: string): void {
    const { connection, topics } = this.options;
    for (const topic of [topics.availability, topics.state, topics.older, topics.diagnostics])
      connection.leave(topic(serialNumber));
  }

  meterForgotten(serialNumber: string): void {
    const { connection, topics, onceTakenBack = (_, action) => action() } = this.options;
    this.unsubscribe.get(serialNumber)?.();
    this.unsubscribe.delete(serialNumber);
    this.states.get(serialNumber)?.stop();
    this.states.delete(serialNumber);
    this.availability.forget(serialNumber);
    onceTakenBack(serialNumber, () => {
      for (const topic of [topics.state, topics.older, topics.diagnostics])
        connection.clear(topic(serialNumber));
    });
  }
}
