import type { StateClass } from './device-discovery.ts';

export type DeviceClass =
  | 'energy'
  | 'power'
  | 'volume'
  | 'gas'
  | 'water'
  | 'volume_flow_rate'
  | 'temperature'
  | 'temperature_delta'
  | 'pressure'
  | 'duration'
  | 'voltage'
  | 'current'
  | 'frequency'
  | 'apparent_power'
  | 'reactive_power'
  | 'power_factor'
  | 'humidity'
  | 'speed';

export interface UnitClass {
  /** As Home Assistant spells it; empty for none. */
  readonly unit: string;
  readonly deviceClass: DeviceClass | null;
}

// biome-ignore format: a table reads best in rows
/** The meter's unit symbol -> Home Assistant's. A unit that does not fit its device class makes the entity fail there. */
const CLASSES: Readonly<Record<string, readonly [unit: string, deviceClass: DeviceClass | null]>> = {
  Wh: ['Wh', 'energy'], kWh: ['kWh', 'energy'], MWh: ['MWh', 'energy'], GWh: ['GWh', 'energy'],
  J: ['J', 'energy'], kJ: ['kJ', 'energy'], MJ: ['MJ', 'energy'], GJ: ['GJ', 'energy'],
  cal: ['cal', 'energy'], kcal: ['kcal', 'energy'], Mcal: ['Mcal', 'energy'], Gcal: ['Gcal', 'energy'],
  W: ['W', 'power'], kW: ['kW', 'power'], MW: ['MW', 'power'], GW: ['GW', 'power'],
  VA: ['VA', 'apparent_power'], var: ['var', 'reactive_power'],
  V: ['V', 'voltage'], kV: ['kV', 'voltage'], A: ['A', 'current'], Hz: ['Hz', 'frequency'],
  '°C': ['°C', 'temperature'], K: ['K', 'temperature_delta'],
  l: ['L', 'volume'], 'm³': ['m³', 'volume'], 'US gal': ['gal', 'volume'],
  'l/h': ['L/h', 'volume_flow_rate'], 'm³/h': ['m³/h', 'volume_flow_rate'],
  'US gal/min': ['gal/min', 'volume_flow_rate'],
  bar: ['bar', 'pressure'], '%RH': ['%', 'humidity'], 'm/s': ['m/s', 'speed'],
  d: ['d', 'duration'], h: ['h', 'duration'], min: ['min', 'duration'], s: ['s', 'duration'],
  ms: ['ms', 'duration'],
  'imp/l': ['imp/L', null], 'l/imp': ['L/imp', null],
};

/** Symbols that say how a register is coded, not what it counts. */
const CODINGS =
  /^(hh:mm:ss|yy(yy)?-mm-dd|mm-dd|RTC|RTC-Q|ASCII|bit field|date-time|KamDateTime|DST-date-time|IPv[46]|pH|unit \d+)$/;

/** Units that Home Assistant has no class for (GJ x10, t, m³·°C) stay as they are: without a class any text goes. */
export function unitClass(symbol: string): UnitClass {
  const known = CLASSES[symbol];
  if (known !== undefined) return { unit: known[0], deviceClass: known[1] };
  return { unit: CODINGS.test(symbol) ? '' : symbol, deviceClass: null };
}

/** Amounts can only be totals and the rest only measurements, in Home Assistant; durations may be either. */
export function allowsStateClass(deviceClass: DeviceClass | null, stateClass: StateClass): boolean {
  if (deviceClass === null || deviceClass === 'duration') return true;
  const amount = deviceClass !== null && ['energy', 'volume', 'gas', 'water'].includes(deviceClass);
  return amount === (stateClass !== 'measurement');
}
