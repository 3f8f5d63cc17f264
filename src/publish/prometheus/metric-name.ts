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
export function metricName(quantity: string, unit: string, ending = ''): string {
  const words = ['multical', OTHER_NAMES[quantity] ?? quantity, unit, ending];
  return words.filter((word) => word !== '').join('_');
}
