import type { MeterKind } from '../../catalogue/family.ts';
import { traitsOf } from '../../catalogue/quantities.ts';
import type { ReadingNature } from '../../catalogue/register.ts';
import type { Reading } from '../../readings/reading.ts';
import type { Component, EntityNaming, StateClass } from './discovery.ts';
import { templatesFor } from './domoticz.ts';
import { entityNames } from './entity-names.ts';
import { iconOf } from './icons.ts';

const NOTHING: ReadonlySet<string> = new Set();

/**
 * The entity of one quantity. Its class follows from the meter's own unit and from what the register is for. `counts`:
 * quantities of the meter that stand above zero.
 */
export function quantityComponent(
  reading: Reading,
  naming: EntityNaming,
  counts: ReadonlySet<string> = NOTHING,
): Component {
  if (reading.nature === 'problem') return problemComponent(reading, naming);
  const { quantity, value } = reading;
  // A number that is not believed now is the same entity as when it is.
  const isNumber = value.kind === 'number' || value.kind === 'unknown';
  const shown = isNumber ? quantityClass(reading, naming.kind) : undefined;
  const traits = isNumber && shown ? numberTraits(reading, shown, value.decimals, naming.kind) : {};
  const { shown: wanted, besides = '' } = traitsOf(quantity);
  const isIdle = counts.has(besides) && !counts.has(quantity);
  const enabled = wanted && !isIdle && !(shown && isBeyondClasses(reading, shown));
  const templates = templatesFor({ key: quantity, unit: traits.unit_of_measurement }, naming.templates);
  return {
    platform: 'sensor',
    unique_id: `${naming.deviceId}_${quantity}`,
    ...entityNames(naming, 'sensor', quantity, reading.label),
    ...iconOf(quantity, naming.templates),
    state_topic: naming.stateTopic,
    value_template: templates.value(quantity),
    ...((value.kind === 'date' || value.kind === 'timestamp') && { device_class: value.kind }),
    ...traits,
    ...(isDiagnostic(reading) && { entity_category: 'diagnostic' as const }),
    ...(!enabled && { enabled_by_default: false as const }),
  };
}

export function isAboveZero({ value }: Reading): boolean {
  return value.kind === 'number' && value.value.gt(0);
}

/** The unit that the entity of this reading has; empty for none. */
export function announcedUnit({ value, nature, unit }: Reading): string {
  const isNumber = value.kind === 'number' || value.kind === 'unknown';
  return isNumber && nature !== 'problem' && nature !== 'identity' ? unitClass(unit).unit : '';
}

function numberTraits(
  reading: Reading,
  { unit, deviceClass }: UnitClass,
  decimals: number,
  kind: MeterKind | null,
): Partial<Component> {
  if (reading.nature === 'identity') return {};
  const wanted = stateClassOf(reading);
  const stateClass = wanted !== null && allowsStateClass(deviceClass, wanted) ? wanted : undefined;
  return {
    ...(deviceClass !== null && { device_class: deviceClass }),
    ...(unit !== '' && { unit_of_measurement: unit }),
    ...(stateClass !== undefined && { state_class: stateClass }),
    // Only for true numbers: with a precision, an info code or a customer number would be grouped in thousands.
    ...((unit !== '' || stateClass !== undefined) && {
      suggested_display_precision: shownDecimals(reading, unit, decimals, kind),
    }),
  };
}

/** Digits after the point of what is now, by its unit: more of them only flicker, and do not fit on a phone. */
const ENOUGH: Readonly<Record<string, number>> = { '°C': 1, K: 1, kW: 1, W: 0, 'L/h': 0, V: 0 };

/** Of what is counted all that the meter has: there the last digit is the one that moves. */
function shownDecimals({ nature }: Reading, unit: string, decimals: number, kind: MeterKind | null): number {
  const isCounted = NATURES[nature].stateClass !== 'measurement';
  // Of what the house draws, tenths of a kilowatt say too little.
  const isElectric = unit === 'kW' && kind === 'electricity';
  return isCounted || isElectric ? decimals : Math.min(decimals, ENOUGH[unit] ?? decimals);
}

/** A balance goes down as well: as `total_increasing` each fall would be taken for a new meter that begins at zero. */
function stateClassOf({ nature, quantity }: Reading): StateClass | null {
  const { stateClass } = NATURES[nature];
  return stateClass === 'total_increasing' && traitsOf(quantity).measure === 'balance' ? 'total' : stateClass;
}

function isDiagnostic(reading: Reading): boolean {
  return NATURES[reading.nature].diagnostic || (reading.nature === 'total' && isCounter(reading));
}

/** Hours and events, in contrast to amounts of heat or water. */
function isCounter({ unit }: Reading): boolean {
  return unit === '' || unitClass(unit).deviceClass === 'duration';
}

/** A binary sensor that is on while something is the matter with the meter. */
function problemComponent({ quantity, label }: Reading, naming: EntityNaming): Component {
  return {
    platform: 'binary_sensor',
    unique_id: `${naming.deviceId}_${quantity}`,
    ...entityNames(naming, 'binary_sensor', quantity, label),
    state_topic: naming.stateTopic,
    ...naming.templates.flag(quantity),
    device_class: 'problem',
    entity_category: 'diagnostic',
    ...(!traitsOf(quantity).shown && { enabled_by_default: false as const }),
  };
}

interface NatureClass {
  readonly stateClass: StateClass | null;
  readonly diagnostic: boolean;
}

// biome-ignore format: a table reads best in rows
/** The part of an entity that follows from the nature of its quantity alone. */
const NATURES: Readonly<Record<ReadingNature, NatureClass>> = {
  // `total` without a reset, and not `total_increasing`: there, one wrong 0 would count the meter's whole life again.
  total: { stateClass: 'total', diagnostic: false },
  'pulse-total': { stateClass: 'total_increasing', diagnostic: false },
  'period-total': { stateClass: 'total_increasing', diagnostic: false },
  live: { stateClass: 'measurement', diagnostic: false },
  peak: { stateClass: 'measurement', diagnostic: false },
  mean: { stateClass: 'measurement', diagnostic: false },
  drift: { stateClass: 'measurement', diagnostic: true },
  fine: { stateClass: null, diagnostic: false },
  date: { stateClass: null, diagnostic: false },
  clock: { stateClass: null, diagnostic: true },
  info: { stateClass: null, diagnostic: true },
  identity: { stateClass: null, diagnostic: true },
  setting: { stateClass: null, diagnostic: true },
  message: { stateClass: null, diagnostic: true },
  problem: { stateClass: null, diagnostic: true },
  duration: { stateClass: 'measurement', diagnostic: true },
};

/** The unit decides the class of a number, save for quantities whose unit says too little or too much. */
function quantityClass({ quantity, unit, nature }: Reading, kind: MeterKind | null): UnitClass {
  const byUnit = unitClass(unit);
  // A register that wraps has no class: Home Assistant would take each wrap for a change of the total.
  if (nature === 'fine') return { ...byUnit, deviceClass: null };
  const { measure } = traitsOf(quantity);
  // Not what flowed back: the dashboard would count it as used.
  if (byUnit.deviceClass === 'volume' && kind === 'water' && measure === 'throughput')
    return { ...byUnit, deviceClass: 'water' };
  // As gas it may stand beside a real gas meter.
  if (measure === 'gas') return { ...byUnit, deviceClass: 'gas' };
  // A household in °F would see a difference in °C shifted by 32.
  if (byUnit.deviceClass === 'temperature' && measure === 'difference')
    return { ...byUnit, deviceClass: 'temperature_delta' };
  // 315 K are the 42 °C inside of a meter, and no difference.
  if (byUnit.deviceClass === 'temperature_delta' && measure === 'absolute-temperature')
    return { ...byUnit, deviceClass: 'temperature' };
  if (measure === 'power-factor' && ['', '%'].includes(unit))
    return { ...byUnit, deviceClass: 'power_factor' };
  return byUnit;
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
  /** Home Assistant's spelling; empty for none. */
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

/** In a unit that Home Assistant has no class for: tens of GJ, tonnes, m³·°C, a unit that is not public. */
function isBeyondClasses({ unit }: Reading, { unit: shown, deviceClass }: UnitClass): boolean {
  return deviceClass === null && (shown !== '' || unit.startsWith('unit '));
}
