import type { MqttConnection } from '../../mqtt/connection.ts';
import type { Topics } from '../../mqtt/topics.ts';

/** Meters that were online when the bridge was stopped. Survives one restart. */
export interface AvailabilityMemory {
  /** Reads and forgets. */
  takeOnline(): readonly string[];
  rememberOnline(serialNumbers: readonly string[]): void;
}

/**
 * Says of each meter whether its values are of now. Nobody speaks for a bridge that was stopped, so it takes its meters
 * with it; the next start brings back those that were there, whose values are still at the broker.
 */
export class Availability {
  private readonly connection: MqttConnection;
  private readonly topics: Topics;
  private readonly memory: AvailabilityMemory;
  private readonly online = new Set<string>();
  private before: ReadonlySet<string> = new Set();

  constructor(connection: MqttConnection, topics: Topics, memory: AvailabilityMemory) {
    this.connection = connection;
    this.topics = topics;
    this.memory = memory;
  }

  start(): void {
    this.before = new Set(this.memory.takeOnline());
  }

  /** To be called once for each meter of this run. */
  identified(serialNumber: string): void {
    if (this.before.has(serialNumber)) this.changed(serialNumber, true);
  }

  changed(serialNumber: string, online: boolean): void {
    if (online) this.online.add(serialNumber);
    else this.online.delete(serialNumber);
    this.connection.publish(this.topics.availability(serialNumber), online ? 'online' : 'offline');
  }

  forget(serialNumber: string): void {
    this.online.delete(serialNumber);
    this.connection.clear(this.topics.availability(serialNumber));
  }

  /** Before the connection is stopped. */
  stop(): void {
    if (this.online.size === 0) return;
    this.memory.rememberOnline([...this.online]);
    for (const serialNumber of this.online)
      this.connection.publish(this.topics.availability(serialNumber), 'offline');
  }
}
