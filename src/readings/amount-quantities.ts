import type { ReadingNature } from './reading.ts';

// biome-ignore format: a table reads best in rows
/** What follows from amounts, temperatures and the clock. */
export const AMOUNT_QUANTITIES: readonly (readonly [quantity: string, label: string, nature: ReadingNature])[] = [
  ['heat_energy_fine', 'Heat energy, fine', 'total'],
  ['cooling_energy_fine', 'Cooling energy, fine', 'total'],
  ['volume_fine', 'Volume, fine', 'total'],
  ['heat_energy_day', 'Heat energy today', 'period-total'],
  ['heat_energy_month', 'Heat energy this month', 'period-total'],
  ['cooling_energy_day', 'Cooling energy today', 'period-total'],
  ['cooling_energy_month', 'Cooling energy this month', 'period-total'],
  ['volume_day', 'Volume today', 'period-total'],
  ['volume_month', 'Volume this month', 'period-total'],
  ['mean_flow_temperature', 'Mean flow temperature', 'mean'],
  ['mean_return_temperature', 'Mean return temperature', 'mean'],
  ['mean_cooling', 'Mean cooling', 'mean'],
  ['mean_cooling_day', 'Mean cooling today', 'mean'],
  ['mean_cooling_month', 'Mean cooling this month', 'mean'],
  ['mean_cooling_year', 'Mean cooling this year', 'mean'],
  ['heat_energy_kwh', 'Heat energy in kWh', 'total'],
  ['gas_equivalent', 'Gas equivalent', 'total'],
  ['meter_clock', 'Meter time', 'clock'],
  ['clock_drift', 'Clock drift', 'drift'],
];
