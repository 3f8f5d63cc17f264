import { Big } from 'big.js';
import type { Reading } from './reading.ts';

/** What a house draws at most, with a margin: 150 kW, 5 m³/h. A larger meter shows by its own figures that it is one. */
const HOUSEHOLD_POWER_KW = 150;
const HOUSEHOLD_FLOW_LITRES = 5_000;
/** Above the largest power or flow that the meter was seen with. */
const MARGIN = 3;

// biome-ignore format: a table reads best in rows
/** One kWh in each unit of energy. */
const KILOWATT_HOUR: Readonly<Record<string, string>> = {
  Wh: '1000', kWh: '1', MWh: '0.001', GWh: '0.000001', kJ: '3600', MJ: '3.6', GJ: '0.0036',
  kcal: '860', Mcal: '0.86', Gcal: '0.00086',
};
const KILOWATT: Readonly<Record<string, string>> = { W: '0.001', kW: '1', MW: '1000', GW: '1000000' };
const LITRE: Readonly<Record<string, string>> = { l: '1', 'm³': '0.001' };
const LITRES_PER_HOUR: Readonly<Record<string, string>> = { 'l/h': '1', 'm³/h': '1000' };

/**
 * How far a total in `unit` can go in an hour, seen with the power and flow that the meter has shown so far (its peaks
 * among them); undefined for units that say nothing of it.
 */
export function mostInAnHour(unit: string, shown: Iterable<Reading>): Big | undefined {
  const energy = KILOWATT_HOUR[unit];
  if (energy !== undefined) return largest(shown, KILOWATT, HOUSEHOLD_POWER_KW).times(energy);
  const volume = LITRE[unit];
  return volume === undefined
    ? undefined
    : largest(shown, LITRES_PER_HOUR, HOUSEHOLD_FLOW_LITRES).times(volume);
}

function largest(shown: Iterable<Reading>, factors: Readonly<Record<string, string>>, least: number): Big {
  let most = new Big(least);
  for (const { unit, value } of shown) {
    const factor = factors[unit];
    if (factor === undefined || value.kind !== 'number') continue;
    const amount = value.value.abs().times(factor).times(MARGIN);
    if (amount.gt(most)) most = amount;
  }
  return most;
}
