import type { MeterKind } from '../catalogue/family.ts';
import type { MeterEvent } from '../readings/meter-event.ts';
import type { Reading } from '../readings/reading.ts';
import type { SafeText } from '../shared/secrets.ts';
import type { MeterModel } from './identification.ts';

/** The serial number is the identity: everything published hangs on it. */
export interface MeterIdentity {
  readonly serialNumber: string;
  /** The name from the configuration. */
  readonly name: string;
  /** Null where nothing can be told. */
  readonly model: MeterModel | null;
  /** Null where it cannot be told. */
  readonly kind: MeterKind | null;
  /** Readings cost no battery. */
  readonly mainsPowered?: boolean;
  readonly softwareRevision: string | null;
}

/** Counts the bridge's work on one meter since it was started. */
export interface MeterDiagnostics {
  readonly readings: number;
  readonly failedReadings: number;
  readonly retries: number;
  readonly checksumErrors: number;
  readonly discardedBytes: number;
  readonly timeouts: number;
  readonly wakeUps: number;
  readonly transactions: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** Values held back because they did not fit the last good one. */
  readonly doubtfulValues: number;
  /** Milliseconds since 1970, or null before the first. */
  readonly lastSuccessfulReading: number | null;
  /** In words, or null while all is well. */
  readonly lastError: SafeText | null;
  /** Milliseconds, or null before the first. */
  readonly lastReadingDuration: number | null;
  readonly battery: BatteryDiagnostics;
}

/** Counts what the meter's battery had to give, also before the bridge was started. */
export interface BatteryDiagnostics {
  readonly today: BatteryUse;
  /** Today and the six days before. */
  readonly lastSevenDays: BatteryUse;
  /** To one reading an hour, which is what the maker's battery tables assume. */
  readonly ratio: number;
  /** Null without a limit. */
  readonly readingsLeftToday: number | null;
}

export interface BatteryUse {
  readonly readings: number;
  readonly transactions: number;
  readonly wakeUps: number;
  /** Both ways. */
  readonly bytes: number;
  /** Milliseconds in which the meter's eye was awake. */
  readonly awakeTime: number;
}

/**
 * Quantities of which no value is known, but may still come: the configuration asks for them, and the meter was not found
 * to lack them. `anything`: it was not asked for all that it may have.
 */
export type Awaited = 'anything' | ReadonlySet<string>;

export const NOTHING_AWAITED: Awaited = new Set();

/**
 * The port through which readings leave. Calls return at once and never throw: a publisher that cannot deliver keeps its
 * trouble to itself, so that no output delays or breaks another one, nor the polling.
 */
export interface Publisher {
  /** A meter was identified; comes before anything else about it. */
  meterIdentified(meter: MeterIdentity): void;
  /**
   * `fresh`: what this reading brought. `latest`: the latest good value of every quantity of the meter, `fresh` included;
   * its `readAt` may be older. `awaited`, left out: nothing. `goesOn`: this program took `latest` before it read anew, so
   * that these values are of now and perhaps not yet everywhere; otherwise, without `fresh`, they are of an earlier run.
   */
  readingTaken(
    meter: MeterIdentity,
    fresh: readonly Reading[],
    latest: readonly Reading[],
    awaited?: Awaited,
    goesOn?: boolean,
  ): void;
  /** Told once, after the reading that shows it. A meter that another one has replaced is told so itself. */
  happened(meter: MeterIdentity, event: MeterEvent): void;
  availabilityChanged(meter: MeterIdentity, online: boolean): void;
  diagnosticsChanged(meter: MeterIdentity, diagnostics: MeterDiagnostics): void;
  /** The meter has left the configuration: whatever was published of it is to be taken back. */
  meterForgotten(serialNumber: string): void;
}
