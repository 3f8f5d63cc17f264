import type { LoggerName } from '../catalogue/loggers.ts';
import type { Clock, Random } from '../shared/clock.ts';
import type { Logger } from '../shared/logger.ts';
import type { ConditionName } from './conditions.ts';
import type { LineFault } from './faults.ts';
import type { PowerFailure } from './house-past.ts';
import type { RegisterDefinition } from './models/meter-model.ts';
import type { ModelName } from './models/models.ts';

/** A simulated line as ports, servers and channels see it: bytes both ways, and whether it is plugged in. */
export interface SimulatedLine {
  /** For people. */
  readonly name: string;
  readonly plugged: boolean;
  /** Bytes to the meter; they arrive there one after the other at line speed. */
  write(bytes: Uint8Array): void;
  /** Sets the reader's speed. At another speed than its own, a meter hears noise, except for the old call. */
  setBaudRate(baudRate: number): void;
  /** Bytes from the meter, as they arrive. The returned function ends it. */
  onData(listener: (bytes: Uint8Array) => void): () => void;
  /** Called with false when the line is unplugged and with true when it is back. The returned function ends it. */
  onPlug(listener: (plugged: boolean) => void): () => void;
}

export interface SimulatedMeterOptions {
  readonly model: ModelName;
  /** Default: the model's. */
  readonly serialNumber?: number;
  /** Default: 3F. */
  readonly address?: number;
  /** Simulated seconds a second (default 1); the meter's own clock runs as fast. */
  readonly speed?: number;
  /** Registers that differ from the model's: a definition replaces or adds, null takes away. */
  readonly registers?: Readonly<Record<number, RegisterDefinition | null>>;
  /** Conditions that the meter complains about. */
  readonly conditions?: readonly ConditionName[];
  /** The eye sleeps after so many milliseconds (the models say which) until `pressButton()`. Default: always awake. */
  readonly awakeFor?: number;
  /** Milliseconds by which the meter's clock is ahead (default 0). */
  readonly clockError?: number;
  /** The meter's clock knows no summer time. */
  readonly keepsWinterTime?: boolean;
  /** Times before the simulation in which the meter was off, by the true clock; ascending. */
  readonly powerFailures?: readonly PowerFailure[];
  /** Keeps no log, or none that can be asked for. */
  readonly withoutLog?: boolean;
  /** The most bytes of a page of the log (default 1024; the real figure is not public). */
  readonly logReplyBytes?: number;
  /** The old call at 300 baud wakes the eye as a button does. */
  readonly wakesByCall?: boolean;
}

export interface SimulatorOptions {
  /** One line, one meter or several with different addresses. */
  readonly meters: readonly SimulatedMeterOptions[];
  /** Default 1200; `Infinity` for a line that takes no time. */
  readonly baudRate?: number;
  /** Milliseconds from the last byte of a request to the first of its reply (default 20). */
  readonly turnaround?: number;
  readonly faults?: readonly LineFault[];
  /** Delay of the fault `late`, in milliseconds (default 2200: after the reader gave up). */
  readonly lateBy?: number;
  /** Duration of the fault `unplug`, in milliseconds (default 5000). */
  readonly unpluggedFor?: number;
  readonly clock: Clock;
  /** 0 inclusive to 1 exclusive. */
  readonly random: Random;
  readonly logger: Logger;
}

/** Counts since the start or the last `resetStatistics()`. */
export interface SimulatorStatistics {
  /** Complete requests, good or bad. */
  requests: number;
  /** Includes replies that a fault swallowed. */
  replies: number;
  /** Requests with a wrong checksum, too many registers, gaps or an unknown command. */
  badRequests: number;
  /** Requests within the 1.6 s after a bad one. */
  ignoredRequests: number;
  /** Requests that began outside the waking window of their meter. */
  wakeUps: number;
  /** Sent to the meter. */
  bytesIn: number;
  /** Received from the meter, noise and echo among them. */
  bytesOut: number;
  /** Register ids of each GetRegister that was answered, the newest last; at most 1000. */
  requested: (readonly number[])[];
  /** Rows of each page of a log that was answered, the newest page last; at most 1000. */
  logged: { readonly logger: LoggerName; readonly ids: readonly number[] }[];
  /** The newest byte left the meter at this time of the monotonic clock; undefined before the first. */
  lastByteAt: number | undefined;
}

/** A demo may run for months. */
const MOST_KEPT = 1000;

export function newStatistics(): SimulatorStatistics {
  return {
    requests: 0,
    replies: 0,
    badRequests: 0,
    ignoredRequests: 0,
    wakeUps: 0,
    bytesIn: 0,
    bytesOut: 0,
    requested: [],
    logged: [],
    lastByteAt: undefined,
  };
}

/** Adds to a list that keeps the newest. */
export function keep<Item>(list: Item[], item: Item): void {
  list.push(item);
  if (list.length > MOST_KEPT) list.shift();
}
