import { DERIVED_QUANTITY_NAMES, derivedQuantity } from './derived-quantities.ts';
import type { Traits } from './register.ts';
import { KNOWN_REGISTER_IDS, registerInfo, UNLISTED } from './registers.ts';

const OF_REGISTERS: ReadonlyMap<string, Traits> = new Map(
  KNOWN_REGISTER_IDS.map(registerInfo).map(({ quantity, traits }) => [quantity, traits]),
);

/** Traits of a quantity by its public name, be it a register's or a derived one. */
export function traitsOf(quantity: string): Traits {
  return OF_REGISTERS.get(quantity) ?? derivedQuantity(quantity)?.traits ?? UNLISTED;
}

/** Every public name of a quantity, but those that are made of a register's number. */
export const QUANTITY_NAMES: readonly string[] = [...OF_REGISTERS.keys(), ...DERIVED_QUANTITY_NAMES];

/** A public name, or one that is made of a register's number. */
export function isQuantity(name: string): boolean {
  return QUANTITY_NAMES.includes(name) || /^register_\d{1,5}$/.test(name);
}
