import { traitsOf } from '../../catalogue/quantities.ts';
import { inBaseUnit } from '../../catalogue/units.ts';
import type { Reading } from '../../readings/reading.ts';

/** One figure of a metric. */
export interface Sample {
  /** With its unit, and `_total` where it counts up. */
  readonly metric: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge';
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** One quantity of a meter, before it is said of which meter. */
type QuantityMetric = Omit<Sample, 'labels'>;

/** Names and dates have no place in a graph; numbers among them would only look like figures. */
const LEFT_OUT: ReadonlySet<Reading['nature']> = new Set(['identity', 'date', 'message']);

/** Undefined for what is no figure, and for what must not be believed now: it is missing then, and never 0. */
export function quantityMetric(reading: Reading): QuantityMetric | undefined {
  const { quantity, label, nature, value } = reading;
  const { measure, repeats } = traitsOf(quantity);
  if (LEFT_OUT.has(nature) || repeats !== undefined) return undefined;
  if (value.kind === 'flag') return gauge(reading, '', `Whether this is the matter: ${label}.`, +value.value);
  if (value.kind === 'timestamp') {
    const seconds = Date.parse(value.value ?? '') / 1000;
    return Number.isNaN(seconds) ? undefined : gauge(reading, 'timestamp_seconds', `${label}.`, seconds);
  }
  if (value.kind !== 'number') return undefined;
  const { unit, value: exact } = inBaseUnit(value.value, reading.unit);
  // A difference of one degree is one kelvin, whichever of them a meter writes: one name for all.
  const shown = unit === 'celsius' && measure === 'difference' ? 'kelvin' : unit;
  const amount = exact.toNumber();
  if (!countsUp(reading)) return gauge(reading, shown, `${label}.`, amount);
  // A counter below zero is none.
  if (amount < 0) return undefined;
  const metric = metricName(quantity, shown, 'total');
  return { metric, help: `${label}.`, type: 'counter', value: amount };
}

/** True for counters of the meter's whole life, which stay true while the meter is silent. */
export function countsUp({ quantity, nature }: Reading): boolean {
  return (nature === 'total' || nature === 'pulse-total') && traitsOf(quantity).measure !== 'balance';
}

function gauge({ quantity }: Reading, unit: string, help: string, value: number): QuantityMetric {
  return { metric: metricName(quantity, unit), help, type: 'gauge', value };
}

/** `multical_heat_energy_joules_total` of `heat_energy`, `joules` and `total`. */
function metricName(quantity: string, unit: string, ending = ''): string {
  const words = ['multical', traitsOf(quantity).plainName ?? quantity, unit, ending];
  return words.filter((word) => word !== '').join('_');
}
