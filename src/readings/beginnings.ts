import { type Moment, restoreMoment, storeMoment } from './moment.ts';
import { type Period, type PeriodName, periodAt } from './period.ts';

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
export class Beginnings {
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
