import { Big } from 'big.js';
import { messageTraits } from '../catalogue/info-codes.ts';
import { type MeterPart, TEMPERATURE_VOLUMES, VOLUME } from '../catalogue/register.ts';
import { dependenciesOf } from '../catalogue/registers.ts';
import { fieldsOf, membersOf } from '../shared/stored.ts';
import { convertUnit, type DecimalNumber } from './conversion.ts';
import {
  type CounterSnapshot,
  isContinuous,
  restoreSnapshot,
  snapshotIn,
  storeSnapshot,
} from './counter-snapshot.ts';
import { InfoTracker } from './info-state.ts';
import { PeriodFigures } from './period-figures.ts';
import { derivedReading, type Stage, type StageMaker } from './pipeline.ts';
import { type MeterTraits, newestOf, type Reading } from './reading.ts';
import { isDecimals } from './stored-reading.ts';

/** Volume V1, and E8 and E9: volume times flow and return temperature. */
const MEAN_REGISTERS: readonly number[] = [VOLUME.total, ...TEMPERATURE_VOLUMES];

const COOLING_OF = { day: 'mean_cooling_day', month: 'mean_cooling_month', year: 'mean_cooling_year' };
const UNIT_OF = { mean_flow_temperature: '°C', mean_return_temperature: '°C', mean_cooling: 'K' };

/**
 * Adds mean flow and return temperature and cooling of the water, weighted by volume, since they were last published;
 * and the cooling of today, this month and this year. Never over a time in which a sensor failed.
 */
export function meansStage(timezone: string): StageMaker {
  return (remembered) => new MeansStage(timezone, remembered);
}

class MeansStage implements Stage {
  private readonly sensors: SensorHealth;
  private readonly periods: PeriodFigures;
  /** Moves on only when enough has flowed: an hour alone is too little, a few of them are not. */
  private since: CounterSnapshot | undefined;
  /** Decimals of the published means that have not been retracted, by quantity. */
  private shown: ReadonlyMap<string, number>;

  constructor(timezone: string, remembered: unknown) {
    const { parts, periods, since, shown } = fieldsOf(remembered);
    const options = { registers: MEAN_REGISTERS, quantities: COOLING_OF, figure: coolingBetween, timezone };
    this.sensors = new SensorHealth(parts);
    this.periods = new PeriodFigures(options, periods);
    this.since = restoreSnapshot(since, MEAN_REGISTERS);
    this.shown = restoreShown(shown);
  }

  interpret(readings: readonly Reading[], traits: MeterTraits): readonly Reading[] {
    const now = snapshotIn(readings, MEAN_REGISTERS);
    const fails = this.sensors.update(readings, traits);
    const stoodStill = this.since !== undefined && now !== undefined && stoodStillBetween(this.since, now);
    if (fails || stoodStill) return [...readings, ...this.interrupted(readings, fails ? undefined : now)];
    const means = this.since && now ? sinceThen(this.since, now) : [];
    if (now && (!this.since || means.length > 0 || !isContinuous(this.since, now))) this.since = now;
    if (means.length > 0) this.shown = decimalsOf(means);
    return [...readings, ...means, ...this.periods.update(readings)];
  }

  expire(now: number): readonly Reading[] {
    return this.periods.expire(now);
  }

  toRemember(): unknown {
    return {
      parts: this.sensors.toRemember(),
      since: this.since ? storeSnapshot(this.since) : null,
      periods: this.periods.toRemember(),
      shown: Object.fromEntries(this.shown),
    };
  }

  /** Retracts what is published and begins anew: with `now`, or with the next good reading. */
  private interrupted(readings: readonly Reading[], now: CounterSnapshot | undefined): Reading[] {
    const readAt = newestOf(readings) ?? 0;
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

function coolingBetween(
  from: CounterSnapshot,
  to: CounterSnapshot,
): (DecimalNumber & { readonly unit: string }) | undefined {
  const { cooling } = meanTemperatures(from, to);
  return cooling && { ...cooling, unit: 'K' };
}

/** All three or none, so that they are of the same time. */
function sinceThen(since: CounterSnapshot, now: CounterSnapshot): Reading[] {
  if (!isContinuous(since, now)) return [];
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

function restoreShown(stored: unknown): ReadonlyMap<string, number> {
  const decimals = membersOf(stored, (value, quantity) =>
    Object.hasOwn(UNIT_OF, quantity) && isDecimals(value) ? value : undefined,
  );
  return new Map(Object.entries(decimals));
}

interface MeanTemperatures {
  readonly flow: DecimalNumber | undefined;
  readonly return: DecimalNumber | undefined;
  /** Flow minus return temperature by volume, as utilities bill it. */
  readonly cooling: DecimalNumber | undefined;
}

/** `error`: by how much the difference may be wrong, because counters show whole digits. */
interface Difference {
  readonly value: Big;
  readonly error: Big;
}

/** Kelvin: a mean that may be wrong by more is not published. */
const LARGEST_ERROR = 0.5;
const FINEST_DECIMALS = 2;

/**
 * True when so much has flowed that E8 and E9 must have moved, and one of them has not: a meter with a failed sensor
 * does not count them.
 */
function stoodStillBetween(from: CounterSnapshot, to: CounterSnapshot): boolean {
  const { flow, return: back } = meanTemperatures(from, to);
  return [flow, back].some((mean) => mean?.value.eq(0) === true);
}

/** Weighted by volume, between two readings of the three registers. Each undefined where too little has flowed. */
function meanTemperatures(from: CounterSnapshot, to: CounterSnapshot): MeanTemperatures {
  const [volume, flow, back] = [0, 1, 2].map((index) =>
    differenceOf(from, to, index, index > 0 ? 'm³·°C' : 'm³'),
  );
  if (!volume || !flow || !back) return { flow: undefined, return: undefined, cooling: undefined };
  const cooled = { value: flow.value.minus(back.value), error: flow.error.plus(back.error) };
  return { flow: mean(flow, volume), return: mean(back, volume), cooling: mean(cooled, volume) };
}

function differenceOf(
  from: CounterSnapshot,
  to: CounterSnapshot,
  index: number,
  unit: string,
): Difference | undefined {
  const ends = [from, to].map(({ counters }) => {
    const counter = counters[index];
    return counter && convertUnit(counter.value, counter.unit, unit);
  });
  const [begin, end] = ends;
  if (!begin || !end) return undefined;
  const decimals = Math.min(begin.decimals, end.decimals);
  return { value: end.value.minus(begin.value), error: new Big(`1e-${decimals}`) };
}

/**
 * The quotient with as many decimals as are certain. With a and b off by less than e and f, a / b is off by less
 * than (e + |a / b| f) / (b - f).
 */
function mean(sum: Difference, volume: Difference): DecimalNumber | undefined {
  if (volume.value.lte(volume.error)) return undefined;
  const quotient = sum.value.div(volume.value);
  const error = sum.error.plus(quotient.abs().times(volume.error)).div(volume.value.minus(volume.error));
  if (error.gt(LARGEST_ERROR)) return undefined;
  let decimals = 0;
  while (decimals < FINEST_DECIMALS && error.lte(new Big(LARGEST_ERROR).times(`1e-${decimals + 1}`)))
    decimals++;
  return { value: quotient.round(decimals), decimals };
}

/** E8 and E9 count together with V1 only while all of these work. */
const PARTS: readonly (MeterPart | undefined)[] = ['t1', 't2', 'difference', 'v1'];

/** Watches the parts of the meter that measure volume and temperatures. */
class SensorHealth {
  private readonly info: InfoTracker;

  /** `remembered`: what `toRemember` gave, or anything. */
  constructor(remembered: unknown) {
    this.info = new InfoTracker(remembered);
  }

  /** True when one of them fails, or may fail, by these readings and by the latest info code. */
  update(readings: readonly Reading[], { infoTable }: MeterTraits): boolean {
    this.info.update(readings);
    const state = this.info.state(infoTable);
    const messages = state?.kind === 'unclear' ? state.suspected : (state?.messages ?? []);
    return (
      messages.some((message) => PARTS.includes(messageTraits(message).fails)) || readings.some(isSpoilt)
    );
  }

  toRemember(): unknown {
    return this.info.toRemember();
  }
}

/** An earlier stage has made the value of a failed sensor unknown. */
function isSpoilt({ register, value }: Reading): boolean {
  if (value.kind !== 'unknown') return false;
  return dependenciesOf(register).some(([part, tie]) => PARTS.includes(part) && tie !== 'mean');
}
