import { InvalidArgumentError } from 'commander';
import { isQuantity, REGISTER_QUANTITIES, registerOf } from '../catalogue/quantities.ts';
import { nearest } from '../schema/suggest.ts';
import { readWholeNumber } from '../schema/validators.ts';

const MOST = 0xffff;

/**
 * An argument parser for registers as people write them: `60 80`, `60,80,86`, `"60, 80"`, `0x3C`, `heat_energy flow`.
 * Each is asked for once.
 */
export function registerIds(text: string, previous: readonly number[] = []): readonly number[] {
  const words = text.split(/[\s,;]+/).filter((word) => word !== '');
  return [...new Set([...previous, ...words.map(registerId)])];
}

function registerId(word: string): number {
  const number = readWholeNumber(word);
  if (typeof number === 'number') {
    if (number <= MOST) return number;
    throw new InvalidArgumentError(
      `A register is a whole number from 0 to ${MOST}, decimal or 0x, not ${word}.`,
    );
  }
  const name = word.toLowerCase().replaceAll('-', '_');
  const id = registerOf(name);
  if (id !== undefined && id <= MOST) return id;
  if (isQuantity(name))
    throw new InvalidArgumentError(
      `"${name}" is in no register: the bridge makes it of several readings. Ask for the registers, such as heat_energy.`,
    );
  const close = nearest(name, REGISTER_QUANTITIES);
  const hint = close === null ? 'docs/topics.md names them.' : `Did you mean "${close}"?`;
  throw new InvalidArgumentError(`There is no register "${word}". ${hint}`);
}
