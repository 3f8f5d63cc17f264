import { Big } from 'big.js';
import { TEMPERATURE_VOLUMES, VOLUME } from '../kmp/registers/related-registers.ts';
import { convertUnit, type DecimalNumber } from './convert-unit.ts';
import type { Moment } from './moment.ts';

/** Volume V1, and what it carried: E8 and E9, its volume times flow and return temperature. */
export const MEAN_REGISTERS: readonly number[] = [VOLUME.total, ...TEMPERATURE_VOLUMES];

export interface MeanTemperatures {
  readonly flow: DecimalNumber | undefined;
  readonly return: DecimalNumber | undefined;
  /** What the house took out of each litre, as utilities bill it. */
  readonly cooling: DecimalNumber | undefined;
}

/** A difference between two readings of counters, and by how much it may be wrong, because they show whole digits. */
interface Difference {
  readonly value: Big;
  readonly error: Big;
}

/** Kelvin: a mean that may be wrong by more is none. */
const LARGEST_ERROR = 0.5;
const FINEST_DECIMALS = 2;

/**
 * Whether so much has flowed that E8 and E9 must have moved, and one of them has not: the meter does not count with a
 * failed sensor.
 */
export function stoodStillBetween(from: Moment, to: Moment): boolean {
  const { flow, return: back } = meanTemperatures(from, to);
  return [flow, back].some((mean) => mean?.value.eq(0) === true);
}

/** Weighted by volume, between two readings of the three registers. Each undefined where too little has flowed. */
export function meanTemperatures(from: Moment, to: Moment): MeanTemperatures {
  const [volume, flow, back] = [0, 1, 2].map((index) =>
    differenceOf(from, to, index, index > 0 ? 'm³·°C' : 'm³'),
  );
  if (!volume || !flow || !back) return { flow: undefined, return: undefined, cooling: undefined };
  const cooled = { value: flow.value.minus(back.value), error: flow.error.plus(back.error) };
  return { flow: mean(flow, volume), return: mean(back, volume), cooling: mean(cooled, volume) };
}

function differenceOf(from: Moment, to: Moment, index: number, unit: string): Difference | undefined {
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
 * The quotient with the decimals that it deserves. With a and b counted off by less than e and f, a / b is off by less
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
