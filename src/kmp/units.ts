// biome-ignore format: a table reads best in rows
/** Unit codes (5512-447 section 4.1 for 1-52; the rest from public readers and captures). */
const UNITS: Readonly<Record<number, string>> = {
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
  return UNITS[code] ?? `unit ${code}`;
}
