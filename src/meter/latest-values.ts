import { derivedQuantity } from '../catalogue/derived-quantities.ts';
import { newestOf, type Reading } from '../readings/reading.ts';
import type { Clock } from '../shared/clock.ts';
import { inWallTime } from '../shared/credible-clock.ts';
import { Freshness } from './freshness.ts';

/** The registers that some schedule will ask for again. */
export interface OnSchedule {
  has(id: number): boolean;
  /** Milliseconds from one time to the next. */
  interval(id: number): number;
}

/** Holds the latest good value of every quantity of one meter, and decides which of them may still be shown. */
export class LatestValues {
  private readonly byQuantity: Map<string, Reading>;
  private readonly freshness: Freshness;
  /** Another one whenever something of it has changed. */
  revision = 0;
  private readonly clock: Pick<Clock, 'now' | 'monotonic'>;

  constructor(remembered: readonly Reading[], clock: Pick<Clock, 'now' | 'monotonic'>) {
    this.clock = clock;
    this.byQuantity = new Map(remembered.map((reading) => [reading.quantity, reading]));
    this.freshness = new Freshness(clock);
  }

  /** Also those on no schedule: some of them tell the model, and what the meter may count in an hour. */
  get all(): readonly Reading[] {
    // What was read while the clock was not set has its time as soon as it is.
    return Array.from(this.byQuantity.values(), (reading) => inWallTime(reading, this.clock));
  }

  /** Nothing that is never asked for again: it would stand there for ever as if it were of now. */
  shown(schedule: OnSchedule): readonly Reading[] {
    return this.all.filter(({ register, quantity }) =>
      register === null ? canBeMade(quantity, (id) => schedule.has(id)) : schedule.has(register),
    );
  }

  /** Takes what a reading brought. */
  keep(fresh: readonly Reading[]): void {
    this.freshness.read(fresh);
    this.set(fresh);
  }

  /**
   * Takes what the time has made untrue, and makes unknown what was measured too long ago; returns what is shown of it,
   * stamped with the last reading.
   */
  expire(untrue: readonly Reading[], schedule: OnSchedule): readonly Reading[] {
    const readAt = newestOf(this.all) ?? 0;
    const old = this.shown(schedule).filter((reading) => this.left(reading, schedule) <= 0);
    this.set([...untrue, ...old.map(outOfDate)].map((reading) => ({ ...reading, readAt })));
    const expired = new Set([...untrue, ...old].map(({ quantity }) => quantity));
    return this.shown(schedule).filter(({ quantity }) => expired.has(quantity));
  }

  /** Milliseconds until a value is too old to be shown; infinite where none will be. */
  validFor(schedule: OnSchedule): number {
    return this.shown(schedule)
      .map((reading) => this.left(reading, schedule))
      .reduce((least, left) => Math.min(least, left), Number.POSITIVE_INFINITY);
  }

  forget(quantity: string): void {
    this.revision++;
    this.byQuantity.delete(quantity);
  }

  private set(readings: readonly Reading[]): void {
    this.revision++;
    for (const reading of readings) this.byQuantity.set(reading.quantity, reading);
  }

  private left(reading: Reading, schedule: OnSchedule): number {
    const { register } = reading;
    return register === null
      ? Number.POSITIVE_INFINITY
      : this.freshness.left(reading, schedule.interval(register));
  }
}

/** True where the registers that are there are enough for the derived quantity. */
export function canBeMade(quantity: string, isThere: (id: number) => boolean): boolean {
  const from = derivedQuantity(quantity)?.from ?? [];
  return from.some((registers) => registers.every(isThere));
}

function outOfDate(reading: Reading): Reading {
  const decimals = 'decimals' in reading.value ? reading.value.decimals : 0;
  const cause = 'It was measured too long ago.';
  return { ...reading, value: { kind: 'unknown', value: null, decimals, cause } };
}
