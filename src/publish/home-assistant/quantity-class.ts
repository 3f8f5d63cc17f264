import type { Reading } from '../../readings/reading.ts';
import type { MeterKind } from '../../shared/meter-kind.ts';
import { type UnitClass, unitClass } from './unit-classes.ts';

/** What a water meter has let through. Not what flowed back: the dashboard would count it as used. */
const WATER_USED: ReadonlySet<string> = new Set(['volume']);

const DIFFERENCES: ReadonlySet<string> = new Set([
  'temperature_difference',
  'temperature_difference_1_decimal',
]);

/** Where what is counted matters more than its unit. As `gas` it may stand beside a real gas meter. */
const GAS = 'gas_equivalent';

/** What a number is to Home Assistant. Its unit decides, save for quantities whose unit says too little or too much. */
export function quantityClass({ quantity, unit, nature }: Reading, kind: MeterKind | null): UnitClass {
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
export function isBeyondClasses({ unit }: Reading, { unit: shown, deviceClass }: UnitClass): boolean {
  return deviceClass === null && (shown !== '' || unit.startsWith('unit '));
}
