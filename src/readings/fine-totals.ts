import { Big } from 'big.js';
import { derivedQuantity } from '../catalogue/derived-quantities.ts';
import { COOLING_ENERGY, type FinelyCounted, HEAT_ENERGY, VOLUME } from '../catalogue/register.ts';
import { isUnitSymbol } from '../catalogue/units.ts';
import { fieldsOf, isInteger, membersOf } from '../shared/stored.ts';
import { convertsExactly, convertUnit, type DecimalNumber } from './conversion.ts';
import { FineFit, type FinePair } from './fine-fit.ts';
import { derivedReading, type Stage, type StageMaker } from './pipeline.ts';
import { isNumber, type NumberReading, numberIn, type Reading } from './reading.ts';
import { isDecimalText } from './stored-reading.ts';

interface FineQuantity extends FinelyCounted {
  readonly quantity: string;
}

const QUANTITIES: readonly FineQuantity[] = [
  { quantity: 'heat_energy_fine', ...HEAT_ENERGY },
  { quantity: 'cooling_energy_fine', ...COOLING_ENERGY },
  { quantity: 'volume_fine', ...VOLUME },
];

const DISAGREES = 'The high-resolution register does not agree with the total.';
const MOVED_ON = 'The total was read without its high-resolution register, and has moved on.';

/**
 * `digits`: the most that a fine register was seen with, and `fits`: how far it is from its total, by register. `last`:
 * the latest value of each quantity.
 */
interface Memory {
  digits: Record<string, number>;
  fits: Record<string, FineFit>;
  last: Record<string, { value: string; unit: string }>;
}

/**
 * Adds energy and volume with the digits that the totals do not show, where both were read together and agree. `warn` is
 * told once of each register that never does.
 */
export function fineStage(warn: (text: string) => void = () => {}): StageMaker {
  return (remembered): Stage => {
    const told = new Set<number>();
    const memory = restoreMemory(remembered);
    const hopeless = (): number[] =>
      QUANTITIES.flatMap(({ fine }) => fine).filter((id) => memory.fits[String(id)]?.isHopeless);
    const tell = ({ quantity, total }: FineQuantity, id: number): void => {
      if (told.has(id)) return;
      told.add(id);
      warn(hopelessText(quantity, total, id));
    };
    return {
      interpret: (readings) => {
        const made = QUANTITIES.map((each) => refine(each, readings, memory));
        for (const id of hopeless()) {
          const quantity = QUANTITIES.find(({ fine }) => fine.includes(id));
          if (quantity !== undefined) tell(quantity, id);
        }
        return [...readings, ...made.filter((reading) => reading !== undefined)];
      },
      toRemember: () => ({
        ...memory,
        fits: Object.fromEntries(Object.entries(memory.fits).map(([id, fit]) => [id, fit.toRemember()])),
      }),
      get useless() {
        return hopeless();
      },
    };
  };
}

function hopelessText(quantity: string, total: number, id: number): string {
  const label = derivedQuantity(quantity)?.label ?? quantity;
  return `register ${id} does not count along with register ${total}, so that "${label}" (${quantity}) cannot come of it, and ${id} is no longer read on "schedule". It is tried again after a restart, and when everything is read ("detailSchedule"); "fineEnergy": false ends this message.`;
}

function refine(each: FineQuantity, readings: readonly Reading[], memory: Memory): Reading | undefined {
  const total = numberIn(readings, each.total);
  if (total === undefined) return undefined;
  const last = memory.last[each.quantity];
  const fine = fineIn(each, readings, memory);
  if (fine === undefined)
    return hasMovedOn(total, last) ? retraction(each, total, memory, MOVED_ON) : undefined;
  const refined = join(total, fine, memory, last !== undefined);
  if (refined === undefined) return retraction(each, total, memory, DISAGREES);
  if (last?.unit === total.unit && isHeldBy(total, new Big(last.value), refined.value)) return undefined;
  memory.last[each.quantity] = { value: refined.value.toFixed(refined.decimals), unit: total.unit };
  return derivedReading(each.quantity, { ...total, value: { kind: 'number', ...refined } });
}

/** The best of the registers that were read; one of which nothing comes only where there is no other. */
function fineIn(
  { fine }: FineQuantity,
  readings: readonly Reading[],
  memory: Memory,
): NumberReading | undefined {
  const read = fine.map((id) => numberIn(readings, id)).filter(isNumber);
  return read.find(({ register }) => !memory.fits[String(register)]?.isHopeless) ?? read[0];
}

/** Learns from the pair, and returns the total with the register's digits where it is known how the two fit. */
function join(
  total: NumberReading,
  fine: NumberReading,
  memory: Memory,
  wasMade: boolean,
): DecimalNumber | undefined {
  const id = String(fine.register);
  const fit = memory.fits[id] ?? (wasMade ? FineFit.withoutOffset(total.unit) : new FineFit());
  memory.fits[id] = fit;
  const digits = Math.max(memory.digits[id] ?? 0, digitsOf(fine));
  const pair = pairOf(total, fine, digits);
  if (pair === undefined) {
    fit.contradicted();
    return undefined;
  }
  const value = fit.of(pair);
  if (value === undefined) return undefined;
  // Learn from agreeing values only: a disturbed one must not say how many digits there are.
  memory.digits[id] = digits;
  return { value, decimals: pair.decimals };
}

/** Undefined where the register is no finer, or its unit does not convert without rounding. */
function pairOf(
  total: NumberReading,
  fine: NumberReading,
  digits: number,
): (FinePair & { readonly decimals: number }) | undefined {
  if (!convertsExactly(fine.unit, total.unit)) return undefined;
  const counted = convertUnit(fine.value, fine.unit, total.unit);
  const cut = convertUnit({ value: new Big(`1e${digits}`), decimals: 0 }, fine.unit, total.unit)?.value;
  if (counted === undefined || cut === undefined || counted.decimals <= total.value.decimals)
    return undefined;
  if (counted.value.lt(0)) return undefined;
  return {
    unit: total.unit,
    total: total.value.value,
    lastDigit: new Big(`1e-${total.value.decimals}`),
    counted: counted.value,
    cut,
    readAt: total.readAt,
    decimals: counted.decimals,
  };
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
  { quantity }: FineQuantity,
  total: NumberReading,
  { last }: Memory,
  cause: string,
): Reading | undefined {
  const before = last[quantity];
  if (before === undefined) return undefined;
  const decimals = before.value.split('.')[1]?.length ?? 0;
  return derivedReading(quantity, { ...total, value: { kind: 'unknown', value: null, decimals, cause } });
}

/** Of the largest number in eight bytes. */
const MOST_DIGITS = 20;

/** Digits before the decimal point. */
function digitsOf({ value }: NumberReading): number {
  return value.value.toFixed(0, Big.roundDown).length;
}

function restoreMemory(remembered: unknown): Memory {
  const { digits, fits, last } = fieldsOf(remembered);
  return {
    digits: { ...membersOf(digits, (value) => (isInteger(value, 1, MOST_DIGITS) ? value : undefined)) },
    fits: { ...membersOf(fits, (fit) => new FineFit(fit)) },
    last: { ...membersOf(last, restoreLast) },
  };
}

function restoreLast(stored: unknown): Memory['last'][string] | undefined {
  const { value, unit } = fieldsOf(stored);
  return isDecimalText(value) && !value.startsWith('-') && isUnitSymbol(unit) ? { value, unit } : undefined;
}
