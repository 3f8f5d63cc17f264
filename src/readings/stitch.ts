import { Big } from 'big.js';
import { convertsExactly, convertUnit, type DecimalNumber } from './convert-unit.ts';
import type { NumberReading } from './number-reading.ts';

/** The cut must be so many last digits of the total apart, or the two would seem to agree by chance too often. */
const LAST_DIGITS_TO_TELL = 100;

/**
 * The whole of a total, from its register and from the one that counts finer but has lost its leading digits:
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
export function stitch(total: NumberReading, fine: NumberReading, digits: number): DecimalNumber | undefined {
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

/** Digits before the decimal point. */
export function digitsOf({ value }: NumberReading): number {
  return value.value.toFixed(0, Big.roundDown).length;
}
