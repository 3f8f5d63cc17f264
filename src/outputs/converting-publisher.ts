import { isDeepStrictEqual } from 'node:util';
import { unitRatio } from '../catalogue/units.ts';
import type { Awaited, MeterDiagnostics, MeterIdentity, Publisher } from '../meter/publisher.ts';
import { convertReading, ratioText } from '../readings/conversion.ts';
import type { MeterEvent } from '../readings/meter-event.ts';
import type { Reading } from '../readings/reading.ts';
import type { Logger } from '../shared/logger.ts';

/** The units of one meter's quantities when they were published last. */
export interface LastUnits {
  readonly published: Readonly<Record<string, string>>;
  /** What the meter itself gave those in that nobody wanted in another unit. */
  readonly own: Readonly<Record<string, string>>;
}

export const NO_UNITS: LastUnits = { published: {}, own: {} };

export interface PublishedUnits {
  recall(serialNumber: string): LastUnits;
  remember(serialNumber: string, units: LastUnits): void;
}

/**
 * Readings in the units that the user wants, or else in those that they were published in before: a meter that was set to
 * another unit, or that took another one's place, does not make figures jump where units are not told. Only what is
 * published is converted: what is judged and remembered stays as the meter gave it.
 */
export class ConvertingPublisher implements Publisher {
  private readonly publisher: Publisher;
  private readonly wanted: Readonly<Record<string, string>>;
  private readonly published: PublishedUnits;
  private readonly logger: Logger;
  /** By serial number, as they were remembered last. */
  private readonly lastUnits = new Map<string, LastUnits>();
  /** The meter of which something was published last. */
  private current: string | undefined;
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
    goesOn?: boolean,
  ): void {
    const last = this.lastUnitsOf(meter);
    const convert = (reading: Reading): Reading => this.converted(meter, reading, last);
    const convertedLatest = latest.map(convert);
    this.note(meter, last, latest, convertedLatest);
    this.publisher.readingTaken(meter, fresh.map(convert), convertedLatest, awaited, goesOn);
  }

  happened(meter: MeterIdentity, event: MeterEvent): void {
    this.publisher.happened(meter, event);
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

  /** A meter goes on in the units of the one that was here before, as far as it has none of its own. */
  private lastUnitsOf({ serialNumber }: MeterIdentity): LastUnits {
    const own = this.storedUnitsOf(serialNumber);
    const before = this.lastUnits.get(this.current ?? '');
    this.current = serialNumber;
    if (this.lastUnits.has(serialNumber) || before === undefined) return own;
    const isNew = ([quantity]: readonly [string, string]): boolean => own.published[quantity] === undefined;
    const inherited = Object.entries(before.own).filter(isNew);
    const published = inherited.map(([quantity, unit]) => [quantity, before.published[quantity] ?? unit]);
    return {
      published: { ...own.published, ...Object.fromEntries(published) },
      own: { ...own.own, ...Object.fromEntries(inherited) },
    };
  }

  private storedUnitsOf(serialNumber: string): LastUnits {
    return this.lastUnits.get(serialNumber) ?? this.published.recall(serialNumber);
  }

  private converted({ name }: MeterIdentity, reading: Reading, last: LastUnits): Reading {
    const { quantity, unit } = reading;
    const wanted = this.wanted[quantity];
    const to = wanted ?? keptUnit(quantity, last);
    if (to === undefined || to === unit) return reading;
    const converted = convertReading(reading, to);
    if (converted === undefined && wanted !== undefined) {
      const given = unit === '' ? 'without a unit' : `in ${unit}`;
      this.complain(
        `${name}: units.${quantity} cannot be ${to}, because the meter gives it ${given}; it stays so`,
      );
    }
    return converted ?? reading;
  }

  private note(
    meter: MeterIdentity,
    last: LastUnits,
    given: readonly Reading[],
    shown: readonly Reading[],
  ): void {
    const { serialNumber, name } = meter;
    const published = { ...last.published };
    const own = { ...last.own };
    const kept: KeptUnit[] = [];
    for (const [at, reading] of shown.entries()) {
      const { quantity, unit } = reading;
      if (unit === '') continue;
      const before = published[quantity];
      const meters = given[at]?.unit ?? unit;
      if (before !== undefined && before !== unit) this.tellChange(meter, reading, before);
      if (unit === keptUnit(quantity, last) && meters !== unit && meters !== own[quantity])
        kept.push({ quantity, unit, meters });
      published[quantity] = unit;
      if (this.wanted[quantity] === undefined) own[quantity] = meters;
      else delete own[quantity];
    }
    if (kept.length > 0) this.tellKept(name, kept);
    const units = { published, own };
    const isNew = !isDeepStrictEqual(units, this.storedUnitsOf(serialNumber));
    this.lastUnits.set(serialNumber, units);
    if (isNew) this.published.remember(serialNumber, units);
  }

  /** Whoever keeps the history of an entity should know that its figures are others from now on. */
  private tellChange(meter: MeterIdentity, reading: Reading, before: string): void {
    const { quantity, unit } = reading;
    const price = meter.kind === 'electricity' ? '' : priceAdvice(reading, before);
    this.logger.warn(
      `${meter.name}: ${quantity} is published in ${unit} from now on, and was in ${before} (see "units" in docs/configuration.md). Home Assistant keeps its history where both are units of one class; other programs may not.${price}`,
    );
  }

  private tellKept(name: string, kept: readonly KeptUnit[]): void {
    const list = kept.map(({ quantity, unit, meters }) => `${quantity} (in ${meters}, published in ${unit})`);
    const wish = Object.fromEntries(kept.map(({ quantity, meters }) => [quantity, meters]));
    this.logger.warn(
      `${name}: the meter gives other units than before: ${list.join(', ')}. What is published stays in its unit, so that no history jumps. To have the meter's, write into its configuration "units": ${JSON.stringify(wish)}.`,
    );
  }

  private complain(message: string): void {
    if (this.complained.has(message)) return;
    this.complained.add(message);
    this.logger.warn(message);
  }
}

/** A quantity that is published in another unit than the meter's, as it was before. */
interface KeptUnit {
  readonly quantity: string;
  readonly unit: string;
  readonly meters: string;
}

/** By quantity, those in which outputs get what a meter wrote down; others are the meter's. `wanted`: as configured. */
export function shownUnits(
  { published }: Pick<LastUnits, 'published'>,
  wanted: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return { ...published, ...wanted };
}

/** The unit in which a quantity goes on although the meter gives another one; undefined for none. */
function keptUnit(quantity: string, { published, own }: LastUnits): string | undefined {
  return own[quantity] === undefined ? undefined : published[quantity];
}

/**
 * Home Assistant converts a price for electricity and water, but takes the one of a gas source for that of the entity's
 * own unit, whatever this is. Heat has no other place in its Energy dashboard.
 */
function priceAdvice({ nature, unit }: Reading, before: string): string {
  const isTotal = nature === 'total' || nature === 'period-total';
  if (!isTotal || unitRatio(unit, 'J') === undefined) return '';
  const [price, cost] = [ratioText(unit, before), ratioText(before, unit)];
  if (price === undefined || cost === undefined) return '';
  return ` If it is a gas source of the Energy dashboard with a fixed price: that is now a price per ${unit}. Multiply it by ${price}, or the costs will be ${cost} times what they were. Or choose an entity with the price there, in a unit such as EUR/${before}: such a price is converted.`;
}
