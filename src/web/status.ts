import type { LogEntry } from '../log/log-tail.ts';

/** What the page shows. Texts are as they are, the page escapes them; secrets must not be among them. */
export interface Status {
  readonly version: string;
  /** Milliseconds since 1970, as all times here. */
  readonly startedAt: number;
  /** Undefined where there is none. */
  readonly broker: BrokerStatus | undefined;
  /** Other places that readings go to. */
  readonly outputs: readonly OutputStatus[];
  readonly meters: readonly MeterStatus[];
  /** Oldest first. */
  readonly log: readonly LogEntry[];
}

export interface BrokerStatus {
  readonly connected: boolean;
  readonly address: string | undefined;
  readonly problem: string | undefined;
}

export interface OutputStatus {
  readonly name: string;
  /** Not delivered yet. */
  readonly waiting: number;
  /** Since the start. */
  readonly delivered: number;
  readonly refused: number;
  readonly lost: number;
  /** Null before the first. */
  readonly lastDelivery: number | null;
  /** In words; null while all is well. */
  readonly problem: string | null;
}

export interface MeterStatus {
  readonly name: string;
  readonly port: string;
  readonly schedule: string;
  /** Undefined until it answered for the first time. */
  readonly serialNumber: string | undefined;
  readonly model: string | undefined;
  /** Undefined while it is not known. */
  readonly online: boolean | undefined;
  readonly lastReading: number | undefined;
  readonly lastError: string | undefined;
  readonly readings: readonly ReadingStatus[];
}

export interface ReadingStatus {
  readonly label: string;
  readonly text: string;
  readonly readAt: number;
}
