import type { Reading } from '../readings/reading.ts';

/** Survives restarts, under the meter's serial number. */
export interface RememberedMeter {
  readonly serialNumber: string;
  /** The place where it was last seen. */
  readonly port: string;
  readonly address: number;
  /** Undefined until GetType was tried; null where the meter does not answer it. */
  readonly type: { readonly meterType: number; readonly softwareRevision: string | null } | null | undefined;
  readonly present: readonly number[];
  readonly absent: readonly number[];
  /** Bytes of the values of registers that tell families apart, by register. */
  readonly lengths?: readonly (readonly [id: number, length: number])[];
  /** The latest good value of every quantity. */
  readonly latest: readonly Reading[];
  /** State of the pipeline's stages: plain JSON, by stage. */
  readonly interpretation?: unknown;
  /** State of the jump filter: plain JSON. */
  readonly plausibility?: unknown;
  /** State of the battery account: plain JSON. */
  readonly account?: unknown;
  /** State of the detail memory: plain JSON. */
  readonly details?: unknown;
}

export interface MeterStore {
  recall(serialNumber: string): RememberedMeter | undefined;
  /** The meter that was last seen at this place. */
  lastSeenAt(port: string, address: number): RememberedMeter | undefined;
  /** What is remembered of it makes us fail. It is kept for a person to look at, and `loss` is told. */
  setAside(serialNumber: string, why: string, loss: string): void;
  /** Never throws: a full disk costs the memory, not the reading. */
  remember(meter: RememberedMeter): void;
}

/** Remembers meters for as long as the program runs, the one that was seen last at the end. */
export class InMemoryMeterStore implements MeterStore {
  private readonly meters = new Map<string, RememberedMeter>();

  recall(serialNumber: string): RememberedMeter | undefined {
    return this.meters.get(serialNumber);
  }

  lastSeenAt(port: string, address: number): RememberedMeter | undefined {
    return this.all().findLast((meter) => meter.port === port && meter.address === address);
  }

  setAside(serialNumber: string): void {
    this.forget(serialNumber);
  }

  remember(meter: RememberedMeter): void {
    this.forget(meter.serialNumber);
    this.meters.set(meter.serialNumber, meter);
  }

  forget(serialNumber: string): void {
    this.meters.delete(serialNumber);
  }

  all(): readonly RememberedMeter[] {
    return Array.from(this.meters.values());
  }
}
