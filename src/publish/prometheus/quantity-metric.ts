import { inBaseUnit } from '../../readings/base-unit.ts';
import type { Reading } from '../../readings/reading.ts';
import { metricName } from './metric-name.ts';
import type { Sample } from './sample.ts';

/** One quantity of a meter, before it is said of which meter. */
export type QuantityMetric = Omit<Sample, 'labels'>;

/** The same amount as another quantity, in a unit for people. */
const TWICE: ReadonlySet<string> = new Set(['heat_energy_kwh']);

/** What names something, or says when: nothing that a graph could show. Numbers among it would only look like figures. */
const LEFT_OUT: ReadonlySet<Reading['nature']> = new Set(['identity', 'date', 'message']);

/** Import less export, which goes down as well. */
const GOES_DOWN: ReadonlySet<string> = new Set(['active_energy_net']);

/** A difference of one degree is one kelvin, whichever of them a meter writes: one name for all. */
const DIFFERENCES = /^temperature_difference|^mean_cooling/;

/** Undefined for what is no figure, and for what must not be believed now: it is missing then, and never 0. */
export function quantityMetric(reading: Reading): QuantityMetric | undefined {
  const { quantity, label, nature, value } = reading;
  if (LEFT_OUT.has(nature) || TWICE.has(quantity)) return undefined;
  if (value.kind === 'flag') return gauge(reading, '', `Whether this is the matter: ${label}.`, +value.value);
  if (value.kind === 'timestamp') {
    const seconds = Date.parse(value.value ?? '') / 1000;
    return Number.isNaN(seconds) ? undefined : gauge(reading, 'timestamp_seconds', `${label}.`, seconds);
  }
  if (value.kind !== 'number') return undefined;
  const { unit, value: exact } = inBaseUnit(value.value, reading.unit);
  const shown = unit === 'celsius' && DIFFERENCES.test(quantity) ? 'kelvin' : unit;
  const amount = exact.toNumber();
  if (!countsUp(reading)) return gauge(reading, shown, `${label}.`, amount);
  // A counter below zero is none.
  if (amount < 0) return undefined;
  const metric = metricName(quantity, shown, 'total');
  return { metric, help: `${label}.`, type: 'counter', value: amount };
}

/** What a meter counts over its whole life, which stands as it is while the meter is silent. */
export function countsUp({ quantity, nature }: Reading): boolean {
  return (nature === 'total' || nature === 'pulse-total') && !GOES_DOWN.has(quantity);
}

function gauge({ quantity }: Reading, unit: string, help: string, value: number): QuantityMetric {
  return { metric: metricName(quantity, unit), help, type: 'gauge', value };
}
