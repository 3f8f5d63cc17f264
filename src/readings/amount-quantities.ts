import type { ReadingNature } from './reading.ts';

// biome-ignore format: a table reads best in rows
/** What follows from amounts, temperatures and the clock. */
export const AMOUNT_QUANTITIES: readonly (readonly [quantity: string, label: string, nature: ReadingNature])[] = [
  ['heat_energy_fine', 'Heat energy, fine', 'total'],
  ['cooling_energy_fine', 'Cooling energy, fine', 'total'],
  ['volume_fine', 'Volume, fine', 'total'],
];
