import type { Big } from 'big.js';
import type { RegisterInfo } from './register.ts';
import { UNIT } from './units.ts';

/** A number as a meter sent it. */
export interface SentNumber {
  readonly unit: number;
  readonly bytes: number;
  /** Without sign and exponent. */
  readonly integer: bigint;
  readonly value: Big;
}

/** Degrees that no sensor of a heat meter shows: an open one shows 200 at most. */
const HOTTEST = 200;
/** Ends of the integers that programs use, of each length that a temperature was seen with. */
const ENDS = [1, 2, 4].flatMap((bytes) => [...ofAllOnes(bytes), ...ofHalf(bytes)]);
/** Longer than anything that a meter of this size could measure. */
const NINES = /^9{8,}$/;

/**
 * True for the numbers that stand for none, where they cannot be a value:
 *
 * | number                                   | of what |
 * | ---------------------------------------- | --- |
 * | all ones, four bytes and more            | everything but codes: an empty register of a 382J has sixteen (mushorg/conpot) |
 * | all ones, two and three bytes            | what is measured |
 * | the lowest number, -32768 and the like   | what is measured or counted |
 * | 0x7FFFFFFF, 0x80000000, eight nines      | what is measured |
 * | 127, 128, 255, 0x7FFF, 0x8000, 999...    | temperatures that are out of reach: a MULTICAL 21 without water sends 127 °C (wmbusmeters, multical21) |
 *
 * A total of 127, a flow of 32767 l/h and 127 °C of a heat meter are values.
 */
export function standsForNone({ nature, traits }: RegisterInfo, sent: SentNumber): boolean {
  const isMeasured = nature === 'live' || nature === 'peak';
  const isCounted = nature === 'total' || nature === 'pulse-total' || nature === 'fine';
  const isCode = nature === 'info' && traits.content === 'whole';
  const { bytes, integer, value } = sent;
  const isNegative = value.lt(0);
  const [allOnes] = ofAllOnes(bytes);
  if (integer === allOnes && (bytes >= 4 ? !isCode : isMeasured && bytes > 1)) return true;
  if (isNegative && bytes > 1 && integer === 1n << BigInt(8 * bytes - 1)) return isMeasured || isCounted;
  if (!isMeasured) return false;
  if (bytes >= 4 && (ofHalf(bytes).includes(integer) || NINES.test(`${integer}`))) return true;
  return isTemperature(sent.unit, traits) && isOutOfReach(sent, traits.hottest ?? HOTTEST);
}

function isTemperature(unit: number, { measure }: RegisterInfo['traits']): boolean {
  return unit === UNIT.celsius || (unit === UNIT.kelvin && measure !== 'absolute-temperature');
}

function isOutOfReach({ integer, value }: SentNumber, hottest: number): boolean {
  return value.abs().gt(hottest) && (ENDS.includes(integer) || /^9{3,}$/.test(`${integer}`));
}

function ofAllOnes(bytes: number): readonly bigint[] {
  return [(1n << BigInt(8 * bytes)) - 1n];
}

/** The highest number with a sign, and the one above it, which is the lowest. */
function ofHalf(bytes: number): readonly bigint[] {
  const half = 1n << BigInt(8 * bytes - 1);
  return [half - 1n, half];
}
