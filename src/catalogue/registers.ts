import { ELECTRICITY_REGISTERS } from './electricity-registers.ts';
import { HEAT_REGISTERS } from './heat-registers.ts';
import type { Dependency, RegisterInfo, RegisterRow, Traits } from './register.ts';

const ROWS: readonly RegisterRow[] = [...HEAT_REGISTERS, ...ELECTRICITY_REGISTERS];

const NO_TRAITS: Traits = {};
/** Registers that are in no table may hold anything, also decimals. */
export const UNLISTED: Traits = { content: 'decimal' };

const BY_ID: ReadonlyMap<number, RegisterInfo> = new Map(
  ROWS.map(([id, quantity, label, nature, traits = NO_TRAITS]) => [
    id,
    { id, quantity, label, nature, traits },
  ]),
);

/** Describes register `id`. An id that is in no public list is still readable, under a name made of its number. */
export function registerInfo(id: number): RegisterInfo {
  const unlisted = { id, quantity: `register_${id}`, label: `Register ${id}`, nature: 'info' } as const;
  return BY_ID.get(id) ?? { ...unlisted, traits: UNLISTED };
}

/** The parts of the meter that this register needs; none for what is in no register. */
export function dependenciesOf(register: number | null): readonly Dependency[] {
  return (register === null ? undefined : registerInfo(register).traits.dependsOn) ?? [];
}

/** Ids of the registers that a heat, cooling or water meter may have, in the order of the table. */
export const HEAT_REGISTER_IDS: readonly number[] = HEAT_REGISTERS.map(([id]) => id);

/** Every id of the tables, ascending. */
export const KNOWN_REGISTER_IDS: readonly number[] = Array.from(BY_ID.keys()).sort((a, b) => a - b);

/** Ids of the registers that an electricity meter may have, those that it shares with heat meters included. */
export const ELECTRICITY_REGISTER_IDS: readonly number[] = [
  ...ELECTRICITY_REGISTERS.map(([id]) => id),
  ...HEAT_REGISTER_IDS.filter((id) => registerInfo(id).traits.alsoElectricity),
];
