import type { DecimalNumber } from './conversion.ts';
import {
  leadsTo,
  type Moment,
  momentIn,
  type Period,
  type PeriodName,
  periodAt,
  restoreMoment,
  storeMoment,
} from './counter-snapshot.ts';
import { derivedReading, type StageMaker } from './pipeline.ts';
import type { Reading } from './reading.ts';

/** A reading stands for a beginning that is no farther from it than this part of the period. */
const NEAR = 1 / 10;

interface Begun {
  readonly key: string;
  readonly beginning: Moment | undefined;
}

/**
 * How counters stood at the beginning of the current day, month and year: as in the reading that is nearest to it,
 * before or after. Where none is near there is no telling, until the next period begins.
 */
class Beginnings {
  private readonly periods: readonly PeriodName[];
  private readonly timezone: string;
  private readonly begun = new Map<PeriodName, Begun>();
  private previous: Moment | undefined;

  constructor(
    periods: readonly PeriodName[],
    timezone: string,
    registers: readonly number[],
    remembered: unknown,
  ) {
    this.periods = periods;
    this.timezone = timezone;
    const { previous, begun } = record(remembered);
    this.previous = restoreMoment(previous, registers);
    for (const name of periods) {
      const { key, beginning } = record(record(begun)[name]);
      if (typeof key === 'string')
        this.begun.set(name, { key, beginning: restoreMoment(beginning, registers) });
    }
  }

  /** The counters as they stand now; comes before `of`. */
  take(now: Moment): void {
    const setBack = Math.max(0, (this.previous?.at ?? now.at) - now.at);
    // What was read by a clock that was set back is of no known time, but it is off by no more than that.
    if (setBack > 0) this.previous = undefined;
    for (const name of this.periods) {
      const period = periodAt(name, now.at, this.timezone);
      if (this.begun.get(name)?.key === period.key && setBack <= tolerance(period)) continue;
      this.begun.set(name, { key: period.key, beginning: nearestTo(period, [this.previous, now]) });
    }
    this.previous = now;
  }

  of(name: PeriodName): Moment | undefined {
    return this.begun.get(name)?.beginning;
  }

  /** The counters began anew within the period. */
  discard(name: PeriodName): void {
    const begun = this.begun.get(name);
    if (begun) this.begun.set(name, { ...begun, beginning: undefined });
  }

  /** Nothing can be said of a time that reaches back beyond now. */
  interrupt(): void {
    this.previous = undefined;
    for (const name of this.periods) this.discard(name);
  }

  toRemember(): unknown {
    const stored = (moment: Moment | undefined): unknown => (moment ? storeMoment(moment) : null);
    const begun = Array.from(this.begun, ([name, { key, beginning }]): [string, unknown] => [
      name,
      { key, beginning: stored(beginning) },
    ]);
    return { previous: stored(this.previous), begun: Object.fromEntries(begun) };
  }
}

function nearestTo(period: Period, candidates: readonly (Moment | undefined)[]): Moment | undefined {
  const distance = ({ at }: Moment): number => Math.abs(at - period.begins);
  return candidates
    .filter((moment) => moment !== undefined)
    .filter((moment) => distance(moment) <= tolerance(period))
    .sort((a, b) => distance(a) - distance(b))[0];
}

function tolerance({ begins, ends }: Period): number {
  return (ends - begins) * NEAR;
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

interface PeriodFiguresOptions {
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

const COUNTERS = [
  { register: 60, quantities: { day: 'heat_energy_day', month: 'heat_energy_month' } },
  { register: 63, quantities: { day: 'cooling_energy_day', month: 'cooling_energy_month' } },
  { register: 68, quantities: { day: 'volume_day', month: 'volume_month' } },
] as const;

/** Energy and volume of today and of this month, where `timezone` has its midnight. */
export function periodsStage(timezone: string): StageMaker {
  return (remembered) => {
    const memory = (remembered ?? {}) as Readonly<Record<string, unknown>>;
    const figures = COUNTERS.map(({ register, quantities }) => {
      const options = { registers: [register], quantities, figure: difference, timezone };
      return { register, of: new PeriodFigures(options, memory[register]) };
    });
    return {
      interpret: (readings) => [...readings, ...figures.flatMap((each) => each.of.take(readings))],
      expire: (now) => figures.flatMap((each) => each.of.expire(now)),
      toRemember: () => Object.fromEntries(figures.map(({ register, of }) => [register, of.toRemember()])),
    };
  };
}

function difference({ counters: [from] }: Moment, { counters: [to] }: Moment) {
  // Of heat meters, nearly all have a register for cooling, that stands at zero.
  if (from === undefined || to === undefined || to.value.value.eq(0)) return undefined;
  const { value, decimals } = to.value;
  return { value: value.minus(from.value.value), decimals, unit: to.unit };
}
