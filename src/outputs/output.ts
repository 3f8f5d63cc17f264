import type { MeterDiagnostics, MeterIdentity, Publisher } from '../meter/publisher.ts';
import type { Reading } from '../readings/reading.ts';
import { messageOf } from '../shared/errors.ts';
import type { Logger } from '../shared/logger.ts';

/**
 * The one model that a meter is, without the reason; null while it may be one of several. For tags and the like, where
 * another word begins another series.
 */
export function certainModel({ model }: Pick<MeterIdentity, 'model'>): string | null {
  const told = model?.replace(/ \([^)]*\)$/, '') ?? '';
  return told === '' || told.includes(' or ') ? null : told;
}

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
