import { DERIVED_QUANTITY_NAMES, derivedQuantity } from './derived-quantities.ts';
import type { ReadingNature, RegisterInfo, RegisterNature, Traits } from './register.ts';
import { KNOWN_REGISTER_IDS, registerInfo, UNLISTED } from './registers.ts';

const OF_REGISTERS: ReadonlyMap<string, RegisterInfo> = new Map(
  KNOWN_REGISTER_IDS.map(registerInfo).map((info) => [info.quantity, info]),
);

/** Traits of a quantity by its public name, be it a register's or a derived one. */
export function traitsOf(quantity: string): Traits {
  return OF_REGISTERS.get(quantity)?.traits ?? derivedQuantity(quantity)?.traits ?? UNLISTED;
}

/** The nature of a register's quantity; undefined for what follows from registers, and for what is in no table. */
export function registerNatureOf(quantity: string): RegisterNature | undefined {
  return OF_REGISTERS.get(quantity)?.nature;
}

/** The same, also of what follows from registers. */
export function natureOf(quantity: string): ReadingNature | undefined {
  return registerNatureOf(quantity) ?? derivedQuantity(quantity)?.nature;
}

/** Every public name of a quantity, but those that are made of a register's number. */
export const QUANTITY_NAMES: readonly string[] = [...OF_REGISTERS.keys(), ...DERIVED_QUANTITY_NAMES];

/** The public names of the registers' own quantities. */
export const REGISTER_QUANTITIES: readonly string[] = [...OF_REGISTERS.keys()];

/** The register behind a public name, `register_77` included; undefined for what follows from several, and for none. */
export function registerOf(quantity: string): number | undefined {
  const [, id] = /^register_(\d{1,5})$/.exec(quantity) ?? [];
  return id === undefined ? OF_REGISTERS.get(quantity)?.id : Number(id);
}

/** What people read for them. */
export const QUANTITY_LABELS: ReadonlySet<string> = new Set(
  [...OF_REGISTERS.values(), ...DERIVED_QUANTITY_NAMES.map(derivedQuantity)].flatMap(
    (quantity) => quantity?.label ?? [],
  ),
);

/** A public name, or one that is made of a register's number. */
export function isQuantity(name: string): boolean {
  return QUANTITY_NAMES.includes(name) || /^register_\d{1,5}$/.test(name);
}
