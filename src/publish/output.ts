import type { Publisher } from './publisher.ts';

/** How the deliveries of one output go. Counts are since the start of the bridge, times milliseconds since 1970. */
export interface OutputHealth {
  /** Readings, or values, that its server has not taken yet. */
  readonly waiting: number;
  readonly delivered: number;
  /** Refused for good and set aside. */
  readonly refused: number;
  /** Given up, because they were too old or too many. */
  readonly lost: number;
  /** Null before the first. */
  readonly lastDelivery: number | null;
  /** In words; null while all is well. Holds no secrets. */
  readonly problem: string | null;
}

/** A publisher with a server, or a disk, of its own. */
export interface Output extends Publisher {
  /** As the configuration names it: `influxdb`. */
  readonly name: string;
  readonly health: OutputHealth;
  /** Returns at once. */
  start(): void;
  /** Ends within two seconds; what is not delivered by then waits for the next start. */
  stop(): Promise<void>;
}
