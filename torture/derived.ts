import { Big } from 'big.js';
import { isDecimal } from './compare.ts';
import type { Held, Truth } from './truth.ts';

export type DerivedVerdict =
  | { readonly kind: 'right' }
  | { readonly kind: 'wrong'; readonly why: string }
  | { readonly kind: 'left-out'; readonly why: string };

const RIGHT: DerivedVerdict = { kind: 'right' };

/** What follows from registers, held against the bounds that its definition gives. */
export function derivedFault(quantity: string, text: string, truth: Truth): DerivedVerdict {
  if (quantity === 'info') return verdict(text === 'no error' || text === '', 'though the info code is 0');
  if (quantity.startsWith('problem_')) return verdict(text === 'false', 'though the info code is 0');
  const fine = /^(.+)_fine$/.exec(quantity)?.[1];
  if (fine !== undefined) return fineVerdict(fine, text, truth);
  const period = /^(.+)_(day|month)$/.exec(quantity)?.[1];
  if (period !== undefined && period !== 'mean_cooling') return periodVerdict(period, text, truth);
  if (quantity.startsWith('mean_'))
    return verdict(isDecimal(text) && Number(text) >= -5 && Number(text) <= 150, 'beyond all temperatures');
  if (quantity === 'heat_energy_kwh' || quantity === 'gas_equivalent') return RIGHT;
  return {
    kind: 'left-out',
    why: 'meter_clock and clock_drift: the clocks of the simulated meters run twenty times as fast',
  };
}

function verdict(isRight: boolean, why: string): DerivedVerdict {
  return isRight ? RIGHT : { kind: 'wrong', why };
}

/** Never further from a total that was held than its last digit. Units are looked away from: none of these is converted. */
function fineVerdict(total: string, text: string, truth: Truth): DerivedVerdict {
  if (!isDecimal(text)) return verdict(false, 'is no number');
  const near = truth.all(total).some((held) => {
    const digit = lastDigit(held);
    return (
      digit !== undefined &&
      new Big(text)
        .minus(held.text ?? 0)
        .abs()
        .lte(digit.times('1.001'))
    );
  });
  return verdict(near, 'is near no total that was held');
}

/** Not below zero, and not more than the total has moved since the meter was first asked. */
function periodVerdict(total: string, text: string, truth: Truth): DerivedVerdict {
  if (!isDecimal(text)) return verdict(false, 'is no number');
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const held of truth.all(total)) {
    const number = Number(held.text ?? Number.NaN);
    if (number < least) least = number;
    if (number > most) most = number;
  }
  const amount = Number(text);
  return verdict(amount >= 0 && amount <= most - least + ROUNDING, 'is more than the total has moved');
}

/** Of the sums here; far below the last digit of any total. */
const ROUNDING = 1e-6;

function lastDigit({ text }: Held): Big | undefined {
  if (text === null || !isDecimal(text)) return undefined;
  return new Big(`1e-${text.split('.')[1]?.length ?? 0}`);
}
