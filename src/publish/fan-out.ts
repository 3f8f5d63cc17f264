import type { Logger } from '../log/logger.ts';
import type { Reading } from '../readings/reading.ts';
import { messageOf } from '../shared/errors.ts';
import type { MeterDiagnostics, MeterIdentity, Publisher } from './publisher.ts';

/** Hands everything to each publisher. One that throws, against the contract, does not keep it from the others. */
export class FanOut implements Publisher {
  private readonly publishers: readonly Publisher[];
  private readonly logger: Logger;

  constructor(publishers: readonly Publisher[], logger: Logger) {
    this.publishers = publishers;
    this.logger = logger;
  }

  meterIdentified(meter: MeterIdentity): void {
    this.each((publisher) => publisher.meterIdentified(meter));
  }

  readingTaken(meter: MeterIdentity, fresh: readonly Reading[], latest: readonly Reading[]): void {
    this.each((publisher) => publisher.readingTaken(meter, fresh, latest));
  }

  availabilityChanged(meter: MeterIdentity, online: boolean): void {
    this.each((publisher) => publisher.availabilityChanged(meter, online));
  }

  diagnosticsChanged(meter: MeterIdentity, diagnostics: MeterDiagnostics): void {
    this.each((publisher) => publisher.diagnosticsChanged(meter, diagnostics));
  }

  meterForgotten(serialNumber: string): void {
    this.each((publisher) => publisher.meterForgotten(serialNumber));
  }

  private each(action: (publisher: Publisher) => void): void {
    for (const publisher of this.publishers) {
      try {
        action(publisher);
      } catch (error) {
        this.logger.error(`${publisher.constructor.name} failed: ${messageOf(error)}`, { error });
      }
    }
  }
}
