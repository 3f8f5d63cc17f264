import { Big } from 'big.js';
import { unitRatio } from '../shared/unit-families.ts';

/** An amount in a unit without a prefix, named as Prometheus names units: in words, and in the plural. */
export interface BaseAmount {
  /** `joules`; empty for plain numbers. */
  readonly unit: string;
  readonly value: Big;
}

/** Where whole families go. */
const FAMILIES: readonly (readonly [base: string, name: string])[] = [
  ['J', 'joules'],
  ['m³', 'cubic_meters'],
  ['W', 'watts'],
];

/**
 * How many of the named unit one of the symbol is, as a fraction where that is no decimal. Var-seconds are to kvarh what
 * joules are to kWh. Tens of GJ and m³·°C stay as they are, because no base unit is known for what they count.
 */
// biome-ignore format: a table reads best in rows
const UNITS: Readonly<Record<string, readonly [name: string, numerator: string, denominator?: string]>> = {
  '': ['', '1'],
  'l/h': ['cubic_meters_per_second', '1', '3.6e6'], 'm³/h': ['cubic_meters_per_second', '1', '3600'],
  'US gal': ['cubic_meters', '0.003785411784'],
  'US gal/min': ['cubic_meters_per_second', '0.003785411784', '60'],
  't': ['grams', '1e6'], 't/h': ['grams_per_second', '1e6', '3600'],
  varh: ['var_seconds', '3600'], kvarh: ['var_seconds', '3.6e6'], Mvarh: ['var_seconds', '3.6e9'],
  Gvarh: ['var_seconds', '3.6e12'],
  VAh: ['volt_ampere_seconds', '3600'], kVAh: ['volt_ampere_seconds', '3.6e6'],
  MVAh: ['volt_ampere_seconds', '3.6e9'], GVAh: ['volt_ampere_seconds', '3.6e12'],
  var: ['vars', '1'], kvar: ['vars', '1e3'], Mvar: ['vars', '1e6'], Gvar: ['vars', '1e9'],
  VA: ['volt_amperes', '1'], kVA: ['volt_amperes', '1e3'], MVA: ['volt_amperes', '1e6'], GVA: ['volt_amperes', '1e9'],
  V: ['volts', '1'], kV: ['volts', '1e3'], A: ['amperes', '1'], kA: ['amperes', '1e3'], Hz: ['hertz', '1'],
  '°C': ['celsius', '1'], K: ['kelvin', '1'], bar: ['pascals', '1e5'],
  d: ['seconds', '86400'], h: ['seconds', '3600'], min: ['seconds', '60'], s: ['seconds', '1'], ms: ['seconds', '0.001'],
  '%': ['ratio', '0.01'], '%RH': ['ratio', '0.01'], '%O₂': ['ratio', '0.01'],
  'imp/l': ['pulses_per_cubic_meter', '1e3'], 'l/imp': ['cubic_meters_per_pulse', '0.001'],
  '°': ['degrees', '1'], 'm/s': ['meters_per_second', '1'], 'kJ/kg': ['joules_per_gram', '1'],
  'g/kg': ['grams_per_gram', '0.001'],
  'm³·°C': ['cubic_meter_celsius', '1'],
  'm³ x10': ['tens_of_m3', '1'], 't x10': ['tens_of_tonnes', '1'], 'GJ x10': ['tens_of_gj', '1'],
};

/** More digits than a floating-point number has, for what has no end (l/h in m³/s). */
const Precise = Big();
Precise.DP = 40;

/** Exact wherever the result has an end. A unit that is not known here keeps its value, and what can be said of its name. */
export function inBaseUnit(value: Big, unit: string): BaseAmount {
  for (const [base, name] of FAMILIES) {
    const ratio = unitRatio(unit, base);
    if (ratio !== undefined) return { unit: name, value: times(value, ...ratio) };
  }
  const known = UNITS[unit];
  if (known === undefined) return { unit: sanitised(unit), value };
  const [name, numerator, denominator] = known;
  return { unit: name, value: times(value, numerator, denominator) };
}

function times(value: Big, numerator: string, denominator = '1'): Big {
  return new Precise(value.times(numerator)).div(denominator);
}

function sanitised(unit: string): string {
  return unit
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
}
