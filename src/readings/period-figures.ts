import { Beginnings } from './beginnings.ts';
import type { DecimalNumber } from './convert-unit.ts';
import { derivedReading } from './derived-reading.ts';
import { leadsTo, type Moment, momentIn } from './moment.ts';
import { type PeriodName, periodAt } from './period.ts';
import type { Reading } from './reading.ts';

export interface PeriodFiguresOptions {
  /** The counters that the figures are made of. */
  readonly registers: readonly number[];
  /** Which quantity is published for which period. */
  readonly quantities: Readonly<Partial<Record<PeriodName, string>>>;
  /** What the counters say of the time between; undefined where that is too little. */
  readonly figure: (from: Moment, to: Moment) => (DecimalNumber & { readonly unit: string }) | undefined;
  /** Where days begin at midnight: an IANA name, or empty for the system's. */
  readonly timezone: string;
}

/** A figure that was published, and the period that it is of. */
interface Shown {
  readonly key: string;
  readonly decimals: number;
  readonly unit: string;
}

/** Figures of the current day, month and year, from counters that go up for ever. */
export class PeriodFigures {
  private readonly options: PeriodFiguresOptions;
  private readonly beginnings: Beginnings;
  private readonly shown: Map<string, Shown>;

  constructor(options: PeriodFiguresOptions, remembered: unknown) {
    const { beginnings, shown } = (remembered ?? {}) as Record<string, unknown>;
    const { quantities, registers, timezone } = options;
    this.options = options;
    this.beginnings = new Beginnings(
      Object.keys(quantities) as PeriodName[],
      timezone,
      registers,
      beginnings,
    );
    const entries = Object.entries(shown ?? {}) as [string, unknown][];
    this.shown = new Map(entries.filter((entry): entry is [string, Shown] => isShown(entry[1])));
  }

  /** What follows from these readings: a figure for each period of which enough is known. */
  take(readings: readonly Reading[]): Reading[] {
    const { registers, quantities } = this.options;
    const time = readings.reduce((latest, { readAt }) => Math.max(latest, readAt), 0);
    const now = momentIn(readings, registers);
    if (now) this.beginnings.take(now);
    return Object.entries(quantities)
      .map(([name, quantity]) => this.figure(name as PeriodName, quantity, now, time))
      .filter((reading) => reading !== undefined);
  }

  /** Those of a period that is over at `now`, as unknown. */
  expire(now: number): Reading[] {
    return Object.entries(this.options.quantities)
      .map(([name, quantity]) => {
        const { key } = periodAt(name as PeriodName, now, this.options.timezone);
        return this.expired(quantity, key, now);
      })
      .filter((reading) => reading !== undefined);
  }

  /** The counters do not count everything at this time: no period goes on that has begun before it. */
  interrupt(readAt: number): Reading[] {
    this.beginnings.interrupt();
    return Object.values(this.options.quantities)
      .map((quantity) => this.expired(quantity, '', readAt))
      .filter((reading) => reading !== undefined);
  }

  toRemember(): unknown {
    return { beginnings: this.beginnings.toRemember(), shown: Object.fromEntries(this.shown) };
  }

  private figure(
    name: PeriodName,
    quantity: string,
    now: Moment | undefined,
    time: number,
  ): Reading | undefined {
    const { key } = periodAt(name, time, this.options.timezone);
    const begun = this.beginnings.of(name);
    const isAnew = now !== undefined && begun !== undefined && !leadsTo(begun, now);
    if (isAnew) this.beginnings.discard(name);
    const found = now && begun && !isAnew ? this.options.figure(begun, now) : undefined;
    const isLost = now !== undefined && (begun === undefined || isAnew);
    if (found === undefined) return this.expired(quantity, isLost ? '' : key, time);
    const { value, decimals, unit } = found;
    this.shown.set(quantity, { key, decimals, unit });
    return derivedReading(quantity, { value: { kind: 'number', value, decimals }, unit, readAt: time });
  }

  /** The figure of yesterday must not be taken for that of today. */
  private expired(quantity: string, key: string, readAt: number): Reading | undefined {
    const shown = this.shown.get(quantity);
    if (shown === undefined || shown.key === key) return undefined;
    this.shown.delete(quantity);
    const { decimals, unit } = shown;
    const cause = 'There is no reading near the beginning of the period.';
    return derivedReading(quantity, {
      value: { kind: 'unknown', value: null, decimals, cause },
      unit,
      readAt,
    });
  }
}

function isShown(value: unknown): value is Shown {
  const { key, decimals, unit } = (value ?? {}) as Record<string, unknown>;
  return typeof key === 'string' && Number.isInteger(decimals) && typeof unit === 'string';
}
