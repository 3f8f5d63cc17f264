import { Big } from 'big.js';
import { COOLING_ENERGY, type FinelyCounted, HEAT_ENERGY, VOLUME } from '../catalogue/register.ts';
import { isUnitSymbol } from '../catalogue/units.ts';
import { fieldsOf, isInteger, membersOf } from '../shared/stored.ts';
import { convertsExactly, convertUnit, type DecimalNumber } from './conversion.ts';
import { derivedReading, type Stage } from './pipeline.ts';
import { type NumberReading, numberIn, type Reading } from './reading.ts';
import { isDecimalText } from './stored-reading.ts';

interface FinePair extends FinelyCounted {
  readonly quantity: string;
}

const PAIRS: readonly FinePair[] = [
  { quantity: 'heat_energy_fine', ...HEAT_ENERGY },
  { quantity: 'cooling_energy_fine', ...COOLING_ENERGY },
  { quantity: 'volume_fine', ...VOLUME },
];

const DISAGREES = 'The high-resolution register does not agree with the total.';
const MOVED_ON = 'The total was read without its high-resolution register, and has moved on.';

/** `digits`: the most that a fine register was seen with, by register. `last`: the latest value of each quantity. */
interface Memory {
  digits: Record<string, number>;
  last: Record<string, { value: string; unit: string }>;
}

/** Adds energy and volume with the digits that the totals do not show, where both were read together and agree. */
export function fineStage(remembered: unknown): Stage {
  const memory = restoreMemory(remembered);
  return {
    interpret: (readings) => [
      ...readings,
      ...PAIRS.map((pair) => refine(pair, readings, memory)).filter((reading) => reading !== undefined),
    ],
    toRemember: () => memory,
  };
}

function refine(pair: FinePair, readings: readonly Reading[], memory: Memory): Reading | undefined {
  const total = numberIn(readings, pair.total);
  const fine = pair.fine.map((id) => numberIn(readings, id)).find((reading) => reading !== undefined);
  if (total === undefined) return undefined;
  if (fine === undefined)
    return hasMovedOn(total, memory.last[pair.quantity])
      ? retraction(pair, total, memory, MOVED_ON)
      : undefined;
  const digits = Math.max(memory.digits[String(fine.register)] ?? 0, digitsOf(fine));
  const refined = stitch(total, fine, digits);
  const last = memory.last[pair.quantity];
  if (refined === undefined) return retraction(pair, total, memory, DISAGREES);
  // Learn from agreeing values only: a disturbed one must not say how many digits there are.
  memory.digits[String(fine.register)] = digits;
  if (last?.unit === total.unit && isHeldBy(total, new Big(last.value), refined.value)) return undefined;
  memory.last[pair.quantity] = { value: refined.value.toFixed(refined.decimals), unit: total.unit };
  return derivedReading(pair.quantity, { ...total, value: { kind: 'number', ...refined } });
}

/** The meter updates the two registers at different moments: `last` can still be right where `now` is below it. */
function isHeldBy({ value }: NumberReading, last: Big, now: Big): boolean {
  return now.lt(last) && last.lte(value.value.plus(`1e-${value.decimals}`));
}

/** True when the total is more than its last digit away from the last value, which is then of an earlier time. */
function hasMovedOn({ value, unit }: NumberReading, last: Memory['last'][string] | undefined): boolean {
  if (last === undefined) return false;
  return last.unit !== unit || value.value.minus(last.value).abs().gt(`1e-${value.decimals}`);
}

/** Makes a value unknown that would be taken for the current one. */
function retraction(
  { quantity }: FinePair,
  total: NumberReading,
  { last }: Memory,
  cause: string,
): Reading | undefined {
  const before = last[quantity];
  if (before === undefined) return undefined;
  const decimals = before.value.split('.')[1]?.length ?? 0;
  return derivedReading(quantity, { ...total, value: { kind: 'unknown', value: null, decimals, cause } });
}

/** The cut must be so many last digits of the total apart, or the two would seem to agree by chance too often. */
const LAST_DIGITS_TO_TELL = 100;

/**
 * Joins a total with the register that counts finer but has lost its leading digits:
 *
 *   84.817 GJ, and 3 560 400 Wh that begin anew at 10 000 000  ──▶  23 560 400 Wh = 84.8174400 GJ
 *
 * The maker does not say where the digits are cut (1 234 567.8 kWh go with 4 567 890.1 Wh on a 403, TD403 p. 127). It
 * need not be known: `digits`, any number of them that the fine register was seen with, is at most the true one, and of
 * all numbers that end in these digits only one lies near the total. Undefined where none does, where more than one
 * could, and where the units do not convert exactly.
 *
 *      total - its last digit   total   total + its last digit
 *   ─────────────┼────────────────┼──────────────┼─────────────▶
 *                └────── the one number ends here ┘
 */
function stitch(total: NumberReading, fine: NumberReading, digits: number): DecimalNumber | undefined {
  if (!convertsExactly(fine.unit, total.unit)) return undefined;
  const whole = total.value.value;
  const lastDigit = new Big(`1e-${total.value.decimals}`);
  const counted = convertUnit(fine.value, fine.unit, total.unit);
  const cut = convertUnit({ value: new Big(`1e${digits}`), decimals: 0 }, fine.unit, total.unit)?.value;
  if (counted === undefined || cut === undefined || counted.decimals <= total.value.decimals)
    return undefined;
  if (counted.value.lt(0)) return undefined;
  const cuts = whole.minus(counted.value).div(cut).round();
  if (cuts.lt(0) || (cuts.gt(0) && cut.lt(lastDigit.times(LAST_DIGITS_TO_TELL)))) return undefined;
  const value = counted.value.plus(cuts.times(cut));
  return value.minus(whole).abs().lte(lastDigit) ? { value, decimals: counted.decimals } : undefined;
}

/** Of the largest number in eight bytes. */
const MOST_DIGITS = 20;

/** Digits before the decimal point. */
function digitsOf({ value }: NumberReading): number {
  return value.value.toFixed(0, Big.roundDown).length;
}

function restoreMemory(remembered: unknown): Memory {
  const { digits, last } = fieldsOf(remembered);
  return {
    digits: { ...membersOf(digits, (value) => (isInteger(value, 1, MOST_DIGITS) ? value : undefined)) },
    last: { ...membersOf(last, restoreLast) },
  };
}

function restoreLast(stored: unknown): Memory['last'][string] | undefined {
  const { value, unit } = fieldsOf(stored);
  return isDecimalText(value) && !value.startsWith('-') && isUnitSymbol(unit) ? { value, unit } : undefined;
}
