import type { MeterKind } from '../../catalogue/family.ts';
import type { Reading } from '../../readings/reading.ts';
import type { Component, EntityNaming, StateClass } from './discovery.ts';

/** Only large plants have this sensor. */
const DISABLED: ReadonlySet<string> = new Set(['problem_temperature_3_sensor']);

/** Whether something is the matter with the meter. */
function problemComponent({ quantity, label }: Reading, naming: EntityNaming): Component {
  return {
    platform: 'binary_sensor',
    unique_id: `${naming.deviceId}_${quantity}`,
    default_entity_id: `binary_sensor.${naming.slug}_${quantity}`,
    name: label,
    state_topic: naming.stateTopic,
    ...naming.templates.flag(quantity),
    device_class: 'problem',
    entity_category: 'diagnostic',
    ...(DISABLED.has(quantity) && { enabled_by_default: false as const }),
  };
}

type DeviceClass =
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

interface UnitClass {
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
function unitClass(symbol: string): UnitClass {
  const known = CLASSES[symbol];
  if (known !== undefined) return { unit: known[0], deviceClass: known[1] };
  return { unit: CODINGS.test(symbol) ? '' : symbol, deviceClass: null };
}

/** Amounts can only be totals and the rest only measurements, in Home Assistant; durations may be either. */
function allowsStateClass(deviceClass: DeviceClass | null, stateClass: StateClass): boolean {
  if (deviceClass === null || deviceClass === 'duration') return true;
  const amount = deviceClass !== null && ['energy', 'volume', 'gas', 'water'].includes(deviceClass);
  return amount === (stateClass !== 'measurement');
}

/** What a water meter has let through. Not what flowed back: the dashboard would count it as used. */
const WATER_USED: ReadonlySet<string> = new Set(['volume']);

const DIFFERENCES: ReadonlySet<string> = new Set([
  'temperature_difference',
  'temperature_difference_1_decimal',
]);

/** Where what is counted matters more than its unit. As `gas` it may stand beside a real gas meter. */
const GAS = 'gas_equivalent';

/** What a number is to Home Assistant. Its unit decides, save for quantities whose unit says too little or too much. */
function quantityClass({ quantity, unit, nature }: Reading, kind: MeterKind | null): UnitClass {
  const byUnit = unitClass(unit);
  // A register that wraps has no class: Home Assistant would take each wrap for a change of the total.
  if (nature === 'fine') return { ...byUnit, deviceClass: null };
  if (byUnit.deviceClass === 'volume' && kind === 'water' && WATER_USED.has(quantity))
    return { ...byUnit, deviceClass: 'water' };
  if (quantity === GAS) return { ...byUnit, deviceClass: 'gas' };
  // A household in °F would see a difference in °C shifted by 32.
  if (byUnit.deviceClass === 'temperature' && DIFFERENCES.has(quantity))
    return { ...byUnit, deviceClass: 'temperature_delta' };
  // 315 K are the 42 °C inside of a meter, and no difference.
  if (byUnit.deviceClass === 'temperature_delta' && quantity === 'internal_temperature')
    return { ...byUnit, deviceClass: 'temperature' };
  if (/^power_factor/.test(quantity) && ['', '%'].includes(unit))
    return { ...byUnit, deviceClass: 'power_factor' };
  return byUnit;
}

/** In a unit that Home Assistant has no class for: tens of GJ, tonnes, m³·°C, a unit that is not public. */
function isBeyondClasses({ unit }: Reading, { unit: shown, deviceClass }: UnitClass): boolean {
  return deviceClass === null && (shown !== '' || unit.startsWith('unit '));
}

/** What a household wants to see. The rest is a click away, such as control energies and tariffs that stand at zero. */
const ENABLED: ReadonlySet<string> = new Set([
  'heat_energy',
  'heat_energy_kwh',
  'heat_energy_day',
  'heat_energy_month',
  'gas_equivalent',
  'mean_cooling',
  'mean_cooling_month',
  'cooling_energy',
  'volume',
  'flow',
  'power',
  'flow_temperature',
  'return_temperature',
  'temperature_difference',
  'info_code',
  'info_bits',
  'info',
  'operating_hours',
  'water_temperature',
  'meter_temperature',
  'active_energy_import',
  'active_energy_export',
  'power_import',
  'power_export',
  'reverse_volume',
  ...['voltage_l1', 'voltage_l2', 'voltage_l3', 'current_l1', 'current_l2', 'current_l3'],
  ...['power_l1', 'power_l2', 'power_l3'],
  ...['power_factor', 'power_factor_l1', 'power_factor_l2', 'power_factor_l3'],
]);

const STATE_CLASS: Readonly<Partial<Record<Reading['nature'], StateClass>>> = {
  // `total` without a reset, and not `total_increasing`: there, one wrong 0 would count the meter's whole life again.
  total: 'total',
  'pulse-total': 'total_increasing',
  live: 'measurement',
  peak: 'measurement',
  'period-total': 'total_increasing',
  mean: 'measurement',
  drift: 'measurement',
};

const DIAGNOSTIC: ReadonlySet<Reading['nature']> = new Set([
  'clock',
  'drift',
  'info',
  'identity',
  'setting',
  'message',
]);

/** The entity of one quantity. Its class follows from the meter's own unit and from what the register is for. */
export function quantityComponent(reading: Reading, naming: EntityNaming): Component {
  if (reading.nature === 'problem') return problemComponent(reading, naming);
  const { quantity, value } = reading;
  // A number that is not believed now is the same entity as when it is.
  const isNumber = value.kind === 'number' || value.kind === 'unknown';
  const shown = isNumber ? quantityClass(reading, naming.kind) : undefined;
  const traits = isNumber && shown ? numberTraits(reading, shown, value.decimals) : {};
  const enabled = ENABLED.has(quantity) && !(shown && isBeyondClasses(reading, shown));
  return {
    platform: 'sensor',
    unique_id: `${naming.deviceId}_${quantity}`,
    default_entity_id: `sensor.${naming.slug}_${quantity}`,
    name: reading.label,
    state_topic: naming.stateTopic,
    value_template: naming.templates.value(quantity),
    ...((value.kind === 'date' || value.kind === 'timestamp') && { device_class: value.kind }),
    ...traits,
    ...(isDiagnostic(reading) && { entity_category: 'diagnostic' as const }),
    ...(!enabled && { enabled_by_default: false as const }),
  };
}

function numberTraits(
  reading: Reading,
  { unit, deviceClass }: UnitClass,
  decimals: number,
): Partial<Component> {
  if (reading.nature === 'identity') return {};
  const wanted = STATE_CLASS[reading.nature];
  const stateClass = wanted !== undefined && allowsStateClass(deviceClass, wanted) ? wanted : undefined;
  return {
    ...(deviceClass !== null && { device_class: deviceClass }),
    ...(unit !== '' && { unit_of_measurement: unit }),
    ...(stateClass !== undefined && { state_class: stateClass }),
    // Only for true numbers: with a precision, an info code or a customer number would be grouped in thousands.
    ...((unit !== '' || stateClass !== undefined) && { suggested_display_precision: decimals }),
  };
}

function isDiagnostic(reading: Reading): boolean {
  return DIAGNOSTIC.has(reading.nature) || (reading.nature === 'total' && isCounter(reading));
}

/** Hours and events, in contrast to amounts of heat or water. */
function isCounter({ unit }: Reading): boolean {
  return unit === '' || unitClass(unit).deviceClass === 'duration';
}
