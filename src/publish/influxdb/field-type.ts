import type { Reading } from '../../readings/reading.ts';

/** What InfluxDB keeps a quantity as. */
export type FieldType = 'float' | 'integer' | 'flag' | 'text';

/** Settings that are amounts: thresholds, nominal values, what a pulse stands for. */
const MEASURED_SETTINGS =
  /^(tariff_limit_\d|pulse_value_[ab]|pulse_figure_v\d|nominal_flow_v\d|temperature_5_limit|power_threshold|flow_bucket_\d+|peak_averaging_time|wireless_mbus_interval|load_profile_interval)$/;
const DATE_SETTINGS = /^target_date(_\d)?$/;
/** Of registers that are in no table, nothing is known: any of them may have decimals. */
const MEASURED_INFO = /^(register_\d+|voltage_extremity)$/;
/** Hours and events, which no meter splits. */
const COUNTERS = /^(operating_hours|error_hours|(info|config)_event_counter|debiting_periods)$/;
const PULSE_COUNTERS = /^power_threshold_counter$/;

/**
 * Decided by the quantity alone, never by what one meter says: InfluxDB refuses a whole point when one of its fields has
 * another type than in the points before, and meters differ in decimals, and in whether they give a number or a text.
 */
export function fieldType({ nature, quantity }: Pick<Reading, 'nature' | 'quantity'>): FieldType {
  switch (nature) {
    case 'problem':
      return 'flag';
    // Numbers of meters and modules are names: one family has digits where another has letters.
    case 'identity':
    case 'date':
    case 'clock':
    case 'message':
      return 'text';
    case 'setting':
      if (DATE_SETTINGS.test(quantity)) return 'text';
      return MEASURED_SETTINGS.test(quantity) ? 'float' : 'integer';
    case 'info':
      return MEASURED_INFO.test(quantity) ? 'float' : 'integer';
    case 'total':
      return COUNTERS.test(quantity) ? 'integer' : 'float';
    case 'pulse-total':
      return PULSE_COUNTERS.test(quantity) ? 'integer' : 'float';
    default:
      return 'float';
  }
}
