import type { MeterIdentity, Publisher } from '../publish/publisher.ts';
import type { Reading } from '../readings/reading.ts';
import type { TakenReading } from './taken-reading.ts';

/** Hands on what the registers said, each time that they were read, and nothing of what is made of them. */
export class ShowingPublisher implements Publisher {
  private readonly show: (taken: TakenReading) => void;

  constructor(show: (taken: TakenReading) => void) {
    this.show = show;
  }

  meterIdentified(): void {}

  readingTaken(meter: MeterIdentity, fresh: readonly Reading[]): void {
    const readings = fresh.filter(({ register }) => register !== null);
    const readAt = readings[0]?.readAt;
    if (readAt !== undefined) this.show({ meter: identityOf(meter), readAt, readings });
  }

  availabilityChanged(): void {}

  diagnosticsChanged(): void {}

  meterForgotten(): void {}
}

function identityOf({ serialNumber, model, kind, softwareRevision }: MeterIdentity): TakenReading['meter'] {
  return { serialNumber, model, kind, softwareRevision };
}
