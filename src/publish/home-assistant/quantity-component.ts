import type { Reading } from '../../readings/reading.ts';
import type { Component, StateClass } from './device-discovery.ts';
import type { EntityNaming } from './entity-naming.ts';
import { problemComponent } from './problem-component.ts';
import { isBeyondClasses, quantityClass } from './quantity-class.ts';
import { allowsStateClass, type UnitClass, unitClass } from './unit-classes.ts';

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
