import { R } from '../catalogue/register.ts';
import { isUnitSymbol } from '../catalogue/units.ts';
import { isWallTime } from '../shared/credible-clock.ts';
import { fieldsOf, membersOf } from '../shared/stored.ts';
import type { DecimalNumber } from './conversion.ts';
import {
  type CounterSnapshot,
  isContinuous,
  type Period,
  type PeriodName,
  periodAt,
  restoreSnapshot,
  snapshotIn,
  storeSnapshot,
} from './counter-snapshot.ts';
import { derivedReading, type StageMaker } from './pipeline.ts';
import { newestOf, type Reading } from './reading.ts';
import { isDecimals } from './stored-reading.ts';

const COUNTERS = [
  { register: R.heatEnergy, quantities: { day: 'heat_energy_day', month: 'heat_energy_month' } },
  { register: R.coolingEnergy, quantities: { day: 'cooling_energy_day', month: 'cooling_energy_month' } },
  { register: R.volume, quantities: { day: 'volume_day', month: 'volume_month' } },
] as const;

/** Adds energy and volume of today and of this month. `timezone` decides when it is midnight. */
export function periodsStage(timezone: string): StageMaker {
  return (remembered) => {
    const memory = fieldsOf(remembered);
    const figures = COUNTERS.map(({ register, quantities }) => {
      const options = { registers: [register], quantities, figure: difference, timezone };
      return { register, of: new PeriodFigures(options, memory[register]) };
    });
    return {
      interpret: (readings) => [...readings, ...figures.flatMap((each) => each.of.update(readings))],
      expire: (now) => figures.flatMap((each) => each.of.expire(now)),
      toRemember: () => Object.fromEntries(figures.map(({ register, of }) => [register, of.toRemember()])),
    };
  };
}

function difference({ counters: [from] }: CounterSnapshot, { counters: [to] }: CounterSnapshot) {
  // Nearly all heat meters have a register for cooling that stands at zero.
  if (from === undefined || to === undefined || to.value.value.eq(0)) return undefined;
  const { value, decimals } = to.value;
  return { value: value.minus(from.value.value), decimals, unit: to.unit };
}

const NO_CLOCK = 'The clock of the computer is not set.';

interface PeriodFiguresOptions {
  /** Counters that the figures are calculated from. */
  readonly registers: readonly number[];
  /** The quantity to publish for each period. */
  readonly quantities: Readonly<Partial<Record<PeriodName, string>>>;
  /** Calculates the figure of the time between; undefined where that is too short. */
  readonly figure: (
    from: CounterSnapshot,
    to: CounterSnapshot,
  ) => (DecimalNumber & { readonly unit: string }) | undefined;
  /** Decides when it is midnight: an IANA name, or empty for the system's. */
  readonly timezone: string;
}

/** A published figure. `key`: its period. */
interface Shown {
  readonly key: string;
  readonly decimals: number;
  readonly unit: string;
}

/** Calculates figures of the current day, month and year from counters that go up for ever. */
export class PeriodFigures {
  private readonly options: PeriodFiguresOptions;
  private readonly baselines: PeriodBaselines;
  private readonly shown: Map<string, Shown>;

  constructor(options: PeriodFiguresOptions, remembered: unknown) {
    const { beginnings, shown } = fieldsOf(remembered);
    const { quantities, registers, timezone } = options;
    this.options = options;
    const periods = Object.keys(quantities) as PeriodName[];
    this.baselines = new PeriodBaselines(periods, timezone, registers, beginnings);
    this.shown = new Map(Object.entries(membersOf(shown, restoreShown)));
  }

  /** Returns a figure for each period of which enough is known. */
  update(readings: readonly Reading[]): Reading[] {
    const { registers, quantities } = this.options;
    const now = snapshotIn(readings, registers);
    // A reading that goes on past midnight is one of the new day, its counters may be of the one before.
    const time = newestOf(readings) ?? 0;
    // A clock that is not set knows no day; the beginnings that are known stay for when it is.
    if (!isWallTime(time)) return this.expireAll(time, NO_CLOCK);
    if (now && isWallTime(now.at)) this.baselines.update(now);
    return Object.entries(quantities)
      .map(([name, quantity]) => this.figure(name as PeriodName, quantity, now, time))
      .filter((reading) => reading !== undefined);
  }

  /** Returns the figures of periods that are over at `now`, as unknown. */
  expire(now: number): Reading[] {
    if (!isWallTime(now)) return this.expireAll(now, NO_CLOCK);
    return Object.entries(this.options.quantities)
      .map(([name, quantity]) => {
        const { key } = periodAt(name as PeriodName, now, this.options.timezone);
        return this.expired(quantity, key, now);
      })
      .filter((reading) => reading !== undefined);
  }

  /** For a time in which the counters miss something: no period that began before it can be completed. */
  interrupt(readAt: number): Reading[] {
    this.baselines.interrupt();
    return this.expireAll(readAt);
  }

  private expireAll(readAt: number, cause?: string): Reading[] {
    return Object.values(this.options.quantities)
      .map((quantity) => this.expired(quantity, '', readAt, cause))
      .filter((reading) => reading !== undefined);
  }

  toRemember(): unknown {
    return { beginnings: this.baselines.toRemember(), shown: Object.fromEntries(this.shown) };
  }

  private figure(
    name: PeriodName,
    quantity: string,
    now: CounterSnapshot | undefined,
    time: number,
  ): Reading | undefined {
    const { key, begins } = periodAt(name, time, this.options.timezone);
    const baseline = this.baselines.get(name);
    const isAnew = now !== undefined && baseline !== undefined && !isContinuous(baseline, now);
    if (isAnew) this.baselines.discard(name);
    const isOfNow = now !== undefined && now.at >= begins;
    const found = isOfNow && baseline && !isAnew ? this.options.figure(baseline, now) : undefined;
    const isLost = now !== undefined && (baseline === undefined || isAnew);
    if (!isOfNow || found === undefined) return this.expired(quantity, isLost ? '' : key, time);
    const { value, decimals, unit } = found;
    this.shown.set(quantity, { key, decimals, unit });
    return derivedReading(quantity, { value: { kind: 'number', value, decimals }, unit, readAt: now.at });
  }

  /** The figure of yesterday must not be taken for that of today. */
  private expired(
    quantity: string,
    key: string,
    readAt: number,
    cause = 'There is no reading near the beginning of the period.',
  ): Reading | undefined {
    const shown = this.shown.get(quantity);
    if (shown === undefined || shown.key === key) return undefined;
    this.shown.delete(quantity);
    const { decimals, unit } = shown;
    return derivedReading(quantity, {
      value: { kind: 'unknown', value: null, decimals, cause },
      unit,
      readAt,
    });
  }
}

function restoreShown(stored: unknown): Shown | undefined {
  const { key, decimals, unit } = fieldsOf(stored);
  return typeof key === 'string' && isDecimals(decimals) && isUnitSymbol(unit)
    ? { key, decimals, unit }
    : undefined;
}

/** A reading counts as the beginning of a period when it is no farther from it than this part of the period. */
const NEAR = 1 / 10;

interface Baseline {
  /** First date of the period. */
  readonly key: string;
  readonly counters: CounterSnapshot | undefined;
}

/**
 * Counters at the beginning of the current day, month and year: those of the reading that is nearest to it, before or
 * after. Where none is near, the period has no baseline.
 */
class PeriodBaselines {
  private readonly periods: readonly PeriodName[];
  private readonly timezone: string;
  private readonly baselines = new Map<PeriodName, Baseline>();
  private previous: CounterSnapshot | undefined;

  /** `remembered`: what `toRemember` gave, or anything. */
  constructor(
    periods: readonly PeriodName[],
    timezone: string,
    registers: readonly number[],
    remembered: unknown,
  ) {
    this.periods = periods;
    this.timezone = timezone;
    const { previous, begun } = fieldsOf(remembered);
    this.previous = restoreSnapshot(previous, registers);
    for (const name of periods) {
      const { key, beginning } = fieldsOf(fieldsOf(begun)[name]);
      if (typeof key === 'string')
        this.baselines.set(name, { key, counters: restoreSnapshot(beginning, registers) });
    }
  }

  /** Begins the periods that `now` is the first reading of. */
  update(now: CounterSnapshot): void {
    const setBack = Math.max(0, (this.previous?.at ?? now.at) - now.at);
    // A clock that was set back leaves the time of earlier readings uncertain, by no more than that step.
    if (setBack > 0) this.previous = undefined;
    for (const name of this.periods) {
      const period = periodAt(name, now.at, this.timezone);
      if (this.baselines.get(name)?.key === period.key && setBack <= tolerance(period)) continue;
      this.baselines.set(name, { key: period.key, counters: nearestTo(period, [this.previous, now]) });
    }
    this.previous = now;
  }

  get(name: PeriodName): CounterSnapshot | undefined {
    return this.baselines.get(name)?.counters;
  }

  /** For counters that began anew within the period. */
  discard(name: PeriodName): void {
    const baseline = this.baselines.get(name);
    if (baseline) this.baselines.set(name, { ...baseline, counters: undefined });
  }

  /** Discards all of them, and the reading that the next period could have begun with. */
  interrupt(): void {
    this.previous = undefined;
    for (const name of this.periods) this.discard(name);
  }

  toRemember(): unknown {
    const stored = (counters: CounterSnapshot | undefined): unknown =>
      counters ? storeSnapshot(counters) : null;
    const begun = Array.from(this.baselines, ([name, { key, counters }]): [string, unknown] => [
      name,
      { key, beginning: stored(counters) },
    ]);
    return { previous: stored(this.previous), begun: Object.fromEntries(begun) };
  }
}

function nearestTo(
  period: Period,
  candidates: readonly (CounterSnapshot | undefined)[],
): CounterSnapshot | undefined {
  const distance = ({ at }: CounterSnapshot): number => Math.abs(at - period.begins);
  return candidates
    .filter((snapshot) => snapshot !== undefined)
    .filter((snapshot) => distance(snapshot) <= tolerance(period))
    .sort((a, b) => distance(a) - distance(b))[0];
}

function tolerance({ begins, ends }: Period): number {
  return (ends - begins) * NEAR;
}
