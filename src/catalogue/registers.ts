import { ELECTRICITY_REGISTERS } from './electricity-registers.ts';
import { HEAT_REGISTERS } from './heat-registers.ts';
import type { RegisterInfo, RegisterRow } from './register.ts';

const ROWS: readonly RegisterRow[] = [...HEAT_REGISTERS, ...ELECTRICITY_REGISTERS];

const BY_ID: ReadonlyMap<number, RegisterInfo> = new Map(
  ROWS.map(([id, quantity, label, nature]) => [id, { id, quantity, label, nature }]),
);

/** What register `id` holds. An id that is in no public list is still readable, under a name made of its number. */
export function registerInfo(id: number): RegisterInfo {
  return BY_ID.get(id) ?? { id, quantity: `register_${id}`, label: `Register ${id}`, nature: 'info' };
}

/** Ids of the registers that a heat, cooling or water meter may have, in the order of the table. */
export const HEAT_REGISTER_IDS: readonly number[] = HEAT_REGISTERS.map(([id]) => id);

/** Every id of the tables, ascending. */
export const KNOWN_REGISTER_IDS: readonly number[] = Array.from(BY_ID.keys()).sort((a, b) => a - b);

/** Ids of the registers that an electricity meter may have, those that it shares with heat meters included. */
export const ELECTRICITY_REGISTER_IDS: readonly number[] = [
  ...ELECTRICITY_REGISTERS.map(([id]) => id),
  ...[222, 1001, 1002, 1003, 1004, 1005, 1010, 1032],
];
