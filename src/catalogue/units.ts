import { Big } from 'big.js';

// biome-ignore format: a table reads best in rows
/** Unit codes (5512-447 section 4.1 for 1-52; the rest from public readers and captures). */
const SYMBOLS: Readonly<Record<number, string>> = {
  0: '', 1: 'Wh', 2: 'kWh', 3: 'MWh', 4: 'GWh', 5: 'J', 6: 'kJ', 7: 'MJ', 8: 'GJ', 9: 'cal',
  10: 'kcal', 11: 'Mcal', 12: 'Gcal', 13: 'varh', 14: 'kvarh', 15: 'Mvarh', 16: 'Gvarh', 17: 'VAh',
  18: 'kVAh', 19: 'MVAh', 20: 'GVAh', 21: 'W', 22: 'kW', 23: 'MW', 24: 'GW', 25: 'var', 26: 'kvar',
  27: 'Mvar', 28: 'Gvar', 29: 'VA', 30: 'kVA', 31: 'MVA', 32: 'GVA', 33: 'V', 34: 'A', 35: 'kV',
  36: 'kA', 37: '°C', 38: 'K', 39: 'l', 40: 'm³', 41: 'l/h', 42: 'm³/h', 43: 'm³·°C', 44: 't',
  45: 't/h', 46: 'h', 47: 'hh:mm:ss', 48: 'yy-mm-dd', 49: 'yyyy-mm-dd', 50: 'mm-dd', 51: '', 52: 'bar',
  53: 'RTC', 54: 'ASCII', 55: 'm³ x10', 56: 't x10', 57: 'GJ x10', 58: 'min', 59: 'bit field',
  60: 's', 61: 'ms', 62: 'd', 63: 'RTC-Q', 64: 'date-time', 65: 'imp/l', 66: 'l/imp', 67: 'Hz', 68: '°',
  69: '%', 70: 'US gal', 71: 'US gal/min', 72: 'KamDateTime', 73: 'IPv4', 74: 'IPv6', 79: 'DST-date-time',
  85: '%RH', 86: '%O₂', 87: 'm/s', 88: 'kJ/kg', 89: 'pH', 90: 'g/kg',
};

// biome-ignore format: a table reads best in rows
/** Codes that this program asks about by name. */
export const UNIT = {
  wattHour: 1, kiloWattHour: 2, megaWattHour: 3, gigaJoule: 8, gigaCalorie: 12, kilovarHour: 14, kiloWatt: 22,
  kilovar: 26, volt: 33, ampere: 34, celsius: 37, kelvin: 38,
  litre: 39, cubicMetre: 40, litrePerHour: 41, cubicMetreCelsius: 43, tonne: 44, hour: 46,
  clock: 47, date: 48, longDate: 49, monthDay: 50, number: 51, bar: 52, realTimeClock: 53, ascii: 54,
  tenGigaJoules: 57, minute: 58, bitField: 59, second: 60, realTimeClockQuarter: 63, litrePerPulse: 66, secondsSince2000: 72, dstDateTime: 79,
} as const;

/** The unit's symbol; empty for plain numbers; `unit 75` and the like where the code is not public. */
export function unitSymbol(code: number): string {
  return SYMBOLS[code] ?? `unit ${code}`;
}

/** True for what `unitSymbol` may give. */
export function isUnitSymbol(text: unknown): text is string {
  return typeof text === 'string' && (KNOWN_SYMBOLS.has(text) || /^unit \d{1,3}$/.test(text));
}

const KNOWN_SYMBOLS: ReadonlySet<string> = new Set(Object.values(SYMBOLS));

/** Units of one kind of amount, each in that of the first: exact decimals. */
type Family = Readonly<Record<string, string>>;

// biome-ignore format: a table reads best in rows
const CONVERTIBLE: readonly Family[] = [
  {
    J: '1', kJ: '1e3', MJ: '1e6', GJ: '1e9', Wh: '3600', kWh: '3.6e6', MWh: '3.6e9', GWh: '3.6e12',
    // The calorie of the International Table, 1 Gcal = 1.163 MWh.
    cal: '4.1868', kcal: '4186.8', Mcal: '4186800', Gcal: '4186800000',
  },
  { l: '1', 'm³': '1e3' },
  { W: '1', kW: '1e3', MW: '1e6', GW: '1e9' },
  { 'l/h': '1', 'm³/h': '1e3' },
];

/** Every unit that can be converted into another one. */
export const CONVERTIBLE_UNITS: readonly string[] = CONVERTIBLE.flatMap((family) => Object.keys(family));

/** The number of `to` in one `from`, as a fraction of two decimals; undefined where they are not of one kind. */
export function unitRatio(
  from: string,
  to: string,
): readonly [numerator: string, denominator: string] | undefined {
  // Their own: whatever stands in a file may be called like something that every object has.
  const family = CONVERTIBLE.find((each) => Object.hasOwn(each, from) && Object.hasOwn(each, to));
  const [numerator, denominator] = [family?.[from], family?.[to]];
  return numerator === undefined || denominator === undefined ? undefined : [numerator, denominator];
}

/** An amount in a unit without a prefix, named as Prometheus names units: in words, and in the plural. */
interface BaseAmount {
  /** `joules`; empty for plain numbers. */
  readonly unit: string;
  readonly value: Big;
}

/** Every unit of these families goes to its base unit. */
const BASE_FAMILIES: readonly (readonly [base: string, name: string])[] = [
  ['J', 'joules'],
  ['m³', 'cubic_meters'],
  ['W', 'watts'],
];

/**
 * The number of named units in one of the symbol, as a fraction where that is no decimal. Var-seconds are to kvarh what
 * joules are to kWh. Tens of GJ and m³·°C stay as they are, because no base unit is known for what they count.
 */
// biome-ignore format: a table reads best in rows
const BASE_UNITS: Readonly<Record<string, readonly [name: string, numerator: string, denominator?: string]>> = {
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
  for (const [base, name] of BASE_FAMILIES) {
    const ratio = unitRatio(unit, base);
    if (ratio !== undefined) return { unit: name, value: times(value, ...ratio) };
  }
  const known = Object.hasOwn(BASE_UNITS, unit) ? BASE_UNITS[unit] : undefined;
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
