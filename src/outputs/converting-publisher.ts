import type { Awaited, MeterDiagnostics, MeterIdentity, Publisher } from '../meter/publisher.ts';
import { convertReading } from '../readings/conversion.ts';
import type { Reading } from '../readings/reading.ts';
import type { Logger } from '../shared/logger.ts';

/** The units that a meter's quantities were published in last. */
export interface PublishedUnits {
  recall(serialNumber: string): Readonly<Record<string, string>>;
  remember(serialNumber: string, units: Readonly<Record<string, string>>): void;
}

/**
 * Readings in the units that the user wants. Only what is published is converted: what is judged and remembered stays
 * as the meter gave it.
 */
export class ConvertingPublisher implements Publisher {
  private readonly publisher: Publisher;
  private readonly wanted: Readonly<Record<string, string>>;
  private readonly published: PublishedUnits;
  private readonly logger: Logger;
  /** By serial number: the units as they were remembered last. */
  private readonly lastUnits = new Map<string, Readonly<Record<string, string>>>();
  private readonly complained = new Set<string>();

  /** `wanted`: quantity -> unit. */
  constructor(
    publisher: Publisher,
    wanted: Readonly<Record<string, string>>,
    published: PublishedUnits,
    logger: Logger,
  ) {
    this.publisher = publisher;
    this.wanted = wanted;
    this.published = published;
    this.logger = logger;
  }

  meterIdentified(meter: MeterIdentity): void {
    this.publisher.meterIdentified(meter);
  }

  readingTaken(
    meter: MeterIdentity,
    fresh: readonly Reading[],
    latest: readonly Reading[],
    awaited?: Awaited,
  ): void {
    const convert = (reading: Reading): Reading => this.converted(meter, reading);
    const convertedLatest = latest.map(convert);
    this.compareUnits(meter, convertedLatest);
    this.publisher.readingTaken(meter, fresh.map(convert), convertedLatest, awaited);
  }

  availabilityChanged(meter: MeterIdentity, online: boolean): void {
    this.publisher.availabilityChanged(meter, online);
  }

  diagnosticsChanged(meter: MeterIdentity, diagnostics: MeterDiagnostics): void {
    this.publisher.diagnosticsChanged(meter, diagnostics);
  }

  meterForgotten(serialNumber: string): void {
    this.publisher.meterForgotten(serialNumber);
  }

  private converted({ name }: MeterIdentity, reading: Reading): Reading {
    const { quantity, unit } = reading;
    const to = this.wanted[quantity];
    if (to === undefined || to === unit) return reading;
    const converted = convertReading(reading, to);
    if (converted === undefined) {
      const given = unit === '' ? 'without a unit' : `in ${unit}`;
      this.complain(
        `${name}: units.${quantity} cannot be ${to}, because the meter gives it ${given}; it stays so`,
      );
    }
    return converted ?? reading;
  }

  /** Whoever keeps the history of an entity should know that its figures are others from now on. */
  private compareUnits({ serialNumber, name }: MeterIdentity, readings: readonly Reading[]): void {
    const last = this.lastUnits.get(serialNumber) ?? this.published.recall(serialNumber);
    const withUnit = readings.filter(({ unit }) => unit !== '');
    const changed = withUnit.filter(({ quantity, unit }) => last[quantity] !== unit);
    for (const { quantity, unit } of changed) {
      const before = last[quantity];
      if (before === undefined) continue;
      this.logger.warn(
        `${name}: ${quantity} is published in ${unit} from now on, and was in ${before} (see "units" in docs/configuration.md). Home Assistant keeps its history where both are units of one class; other programs may not.`,
      );
    }
    const units = { ...last, ...Object.fromEntries(changed.map(({ quantity, unit }) => [quantity, unit])) };
    this.lastUnits.set(serialNumber, units);
    if (changed.length > 0) this.published.remember(serialNumber, units);
  }

  private complain(message: string): void {
    if (this.complained.has(message)) return;
    this.complained.add(message);
    this.logger.warn(message);
  }
}
