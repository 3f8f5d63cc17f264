import type { MeterMemory, RememberedMeter } from '../polling/meter-memory.ts';

/** Remembers meters for as long as the program runs. */
export class PassingMeterMemory implements MeterMemory {
  private readonly meters = new Map<string, RememberedMeter>();

  recall(serialNumber: string): RememberedMeter | undefined {
    return this.meters.get(serialNumber);
  }

  lastSeenAt(port: string, address: number): RememberedMeter | undefined {
    return this.all().findLast((meter) => meter.port === port && meter.address === address);
  }

  remember(meter: RememberedMeter): void {
    this.meters.delete(meter.serialNumber);
    this.meters.set(meter.serialNumber, meter);
  }

  forget(serialNumber: string): void {
    this.meters.delete(serialNumber);
  }

  all(): readonly RememberedMeter[] {
    return Array.from(this.meters.values());
  }
}
