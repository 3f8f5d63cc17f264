import { KNOWN_REGISTER_IDS, registerInfo } from '../kmp/registers/register-table.ts';
import { DERIVED_QUANTITY_NAMES } from './derived-quantities.ts';

/** Every public name of a quantity, but those that are made of a register's number. */
export const QUANTITY_NAMES: readonly string[] = [
  ...KNOWN_REGISTER_IDS.map((id) => registerInfo(id).quantity),
  ...DERIVED_QUANTITY_NAMES,
];
