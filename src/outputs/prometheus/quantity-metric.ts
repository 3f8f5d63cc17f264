import { inBaseUnit } from '../../catalogue/units.ts';
import type { Reading } from '../../readings/reading.ts';

/**
 * Quantities whose public name holds a word that means something else to Prometheus: a unit (`hours` in a metric of
 * seconds, `bits`, `b`) or the type of a metric (`counter`).
 */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  error_hours: 'error_time',
  operating_hours: 'operating_time',
  info_hour_counter: 'info_time',
  info_event_counter: 'info_events',
  config_event_counter: 'config_events',
  power_threshold_counter: 'power_threshold_events',
  info_bits: 'info_bitmask',
  // The first of two pairs of inputs: the other one is called A2 and B2.
  pulse_input_a: 'pulse_input_a1',
  pulse_input_b: 'pulse_input_b1',
  pulse_value_a: 'pulse_value_a1',
  pulse_value_b: 'pulse_value_b1',
};

/** `multical_heat_energy_joules_total` of `heat_energy`, `joules` and `total`. */
function metricName(quantity: string, unit: string, ending = ''): string {
  const words = ['multical', OTHER_NAMES[quantity] ?? quantity, unit, ending];
  return words.filter((word) => word !== '').join('_');
}

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
