import type { Awaited, MeterDiagnostics, MeterIdentity, Publisher } from '../../meter/publisher.ts';
import type { Reading } from '../../readings/reading.ts';

/** The latest about one meter. */
export interface MeterState {
  readonly meter: MeterIdentity;
  /** The latest good value of each quantity; none before the first reading of this run. */
  readonly latest: readonly Reading[];
  /** Undefined until it is known. */
  readonly online: boolean | undefined;
  readonly diagnostics: MeterDiagnostics | undefined;
}

/** Keeps what was published last of each meter, for whoever comes and asks. */
export class MeterStates implements Publisher {
  private readonly states = new Map<string, MeterState>();
  /** By serial number: the quantities that were read in this run. */
  private readonly read = new Map<string, Set<string>>();

  get all(): readonly MeterState[] {
    return [...this.states.values()];
  }

  meterIdentified(meter: MeterIdentity): void {
    this.change(meter, {});
  }

  readingTaken(
    meter: MeterIdentity,
    fresh: readonly Reading[],
    latest: readonly Reading[],
    _awaited?: Awaited,
    goesOn = false,
  ): void {
    const read = this.read.get(meter.serialNumber) ?? new Set();
    this.read.set(meter.serialNumber, read);
    for (const { quantity } of goesOn ? latest : fresh) read.add(quantity);
    // A value remembered from an earlier run may be days old: it is not a value of now.
    this.change(meter, { latest: latest.filter(({ quantity }) => read.has(quantity)) });
  }

  happened(): void {}

  availabilityChanged(meter: MeterIdentity, online: boolean): void {
    this.change(meter, { online });
  }

  diagnosticsChanged(meter: MeterIdentity, diagnostics: MeterDiagnostics): void {
    this.change(meter, { diagnostics });
  }

  meterForgotten(serialNumber: string): void {
    this.states.delete(serialNumber);
    this.read.delete(serialNumber);
  }

  private change(meter: MeterIdentity, changed: Partial<MeterState>): void {
    const { latest = [], online, diagnostics } = this.states.get(meter.serialNumber) ?? {};
    this.states.set(meter.serialNumber, { latest, online, diagnostics, ...changed, meter });
  }
}
