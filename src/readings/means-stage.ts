import type { DecimalNumber } from './convert-unit.ts';
import { derivedReading } from './derived-reading.ts';
import { MeasuringParts } from './info/measuring-parts.ts';
import type { InterpretationStage, StageMaker } from './interpretation.ts';
import { MEAN_REGISTERS, meanTemperatures, stoodStillBetween } from './mean-temperatures.ts';
import type { MeterTraits } from './meter-traits.ts';
import { leadsTo, type Moment, momentIn, restoreMoment, storeMoment } from './moment.ts';
import { PeriodFigures } from './period-figures.ts';
import type { Reading } from './reading.ts';

const COOLING_OF = { day: 'mean_cooling_day', month: 'mean_cooling_month', year: 'mean_cooling_year' };
const UNIT_OF = { mean_flow_temperature: '°C', mean_return_temperature: '°C', mean_cooling: 'K' };

/**
 * Mean flow and return temperature and the cooling of the water, weighted by volume: since the last time that they
 * could be told, and the cooling of today, this month and this year. Never over a time in which a sensor failed.
 */
export function meansStage(timezone: string): StageMaker {
  return (remembered) => new MeansStage(timezone, (remembered ?? {}) as Readonly<Record<string, unknown>>);
}

class MeansStage implements InterpretationStage {
  private readonly parts: MeasuringParts;
  private readonly periods: PeriodFigures;
  /** Stays where it is until enough has flowed: an hour alone is too little, a few of them are not. */
  private since: Moment | undefined;
  /** Decimals of the means that were published last and still stand, by quantity. */
  private shown: ReadonlyMap<string, number>;

  constructor(timezone: string, { parts, periods, since, shown }: Readonly<Record<string, unknown>>) {
    const options = { registers: MEAN_REGISTERS, quantities: COOLING_OF, figure: coolingBetween, timezone };
    this.parts = new MeasuringParts(parts);
    this.periods = new PeriodFigures(options, periods);
    this.since = restoreMoment(since, MEAN_REGISTERS);
    this.shown = restoreShown(shown);
  }

  interpret(readings: readonly Reading[], traits: MeterTraits): readonly Reading[] {
    const now = momentIn(readings, MEAN_REGISTERS);
    const fails = this.parts.fail(readings, traits);
    const stoodStill = this.since !== undefined && now !== undefined && stoodStillBetween(this.since, now);
    if (fails || stoodStill) return [...readings, ...this.interrupted(readings, fails ? undefined : now)];
    const means = this.since && now ? sinceThen(this.since, now) : [];
    if (now && (!this.since || means.length > 0 || !leadsTo(this.since, now))) this.since = now;
    if (means.length > 0) this.shown = decimalsOf(means);
    return [...readings, ...means, ...this.periods.take(readings)];
  }

  expire(now: number): readonly Reading[] {
    return this.periods.expire(now);
  }

  toRemember(): unknown {
    return {
      parts: this.parts.toRemember(),
      since: this.since ? storeMoment(this.since) : null,
      periods: this.periods.toRemember(),
      shown: Object.fromEntries(this.shown),
    };
  }

  /** What is published is taken back, and everything begins anew: with `now`, or with the next one that is well. */
  private interrupted(readings: readonly Reading[], now: Moment | undefined): Reading[] {
    const readAt = readings.reduce((latest, reading) => Math.max(latest, reading.readAt), 0);
    const cause = 'A sensor failed in the meantime.';
    const means = Array.from(this.shown, ([quantity, decimals]) =>
      derivedReading(quantity, {
        value: { kind: 'unknown', value: null, decimals, cause },
        unit: UNIT_OF[quantity as keyof typeof UNIT_OF],
        readAt,
      }),
    );
    this.since = now;
    this.shown = new Map();
    return [...means, ...this.periods.interrupt(readAt)];
  }
}

function coolingBetween(from: Moment, to: Moment): (DecimalNumber & { readonly unit: string }) | undefined {
  const { cooling } = meanTemperatures(from, to);
  return cooling && { ...cooling, unit: 'K' };
}

/** All three or none, so that they are of the same time. */
function sinceThen(since: Moment, now: Moment): Reading[] {
  if (!leadsTo(since, now)) return [];
  const { flow, return: back, cooling } = meanTemperatures(since, now);
  if (!flow || !back || !cooling) return [];
  const reading = (quantity: keyof typeof UNIT_OF, value: DecimalNumber): Reading =>
    derivedReading(quantity, {
      value: { kind: 'number', ...value },
      unit: UNIT_OF[quantity],
      readAt: now.at,
    });
  return [
    reading('mean_flow_temperature', flow),
    reading('mean_return_temperature', back),
    reading('mean_cooling', cooling),
  ];
}

function decimalsOf(means: readonly Reading[]): ReadonlyMap<string, number> {
  return new Map(means.map(({ quantity, value }) => [quantity, 'decimals' in value ? value.decimals : 0]));
}

function restoreShown(shown: unknown): ReadonlyMap<string, number> {
  const entries = Object.entries(shown ?? {}) as [string, unknown][];
  return new Map(
    entries.filter((entry): entry is [string, number] => entry[0] in UNIT_OF && Number.isInteger(entry[1])),
  );
}
