import { Big } from 'big.js';
import { derivedReading } from './derived-reading.ts';
import type { InterpretationStage } from './interpretation.ts';
import { type NumberReading, numberIn } from './number-reading.ts';
import type { Reading } from './reading.ts';
import { digitsOf, stitch } from './stitch.ts';

/** A total, and the registers that count the same finer, the better one first. */
interface FinePair {
  readonly quantity: string;
  readonly total: number;
  readonly fine: readonly number[];
}

const PAIRS: readonly FinePair[] = [
  { quantity: 'heat_energy_fine', total: 60, fine: [266, 155] },
  { quantity: 'cooling_energy_fine', total: 63, fine: [267] },
  { quantity: 'volume_fine', total: 68, fine: [239, 223] },
];

/** The most digits that a fine register was seen with, by register, and the last value of each quantity. */
interface Memory {
  digits: Record<string, number>;
  last: Record<string, { value: string; unit: string }>;
}

/** Energy and volume with the digits that the totals do not show. Only where both were read together and agree. */
export function fineStage(remembered: unknown): InterpretationStage {
  const memory = recall(remembered);
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
  if (total === undefined || fine === undefined) return undefined;
  const digits = Math.max(memory.digits[String(fine.register)] ?? 0, digitsOf(fine));
  const refined = stitch(total, fine, digits);
  const last = memory.last[pair.quantity];
  if (refined === undefined) return last && disagreeing(pair, total, last.value);
  // Only from what agrees: one disturbed value must not say how many digits there are.
  memory.digits[String(fine.register)] = digits;
  if (last?.unit === total.unit && isHeldBy(total, new Big(last.value), refined.value)) return undefined;
  memory.last[pair.quantity] = { value: refined.value.toFixed(refined.decimals), unit: total.unit };
  return derivedReading(pair.quantity, { ...total, value: { kind: 'number', ...refined } });
}

/** Less than the last value, which can still be right: the meter counts both registers at different moments. */
function isHeldBy({ value }: NumberReading, last: Big, now: Big): boolean {
  return now.lt(last) && last.lte(value.value.plus(`1e-${value.decimals}`));
}

/** An older value would be taken for that of now. */
function disagreeing({ quantity }: FinePair, total: NumberReading, last: string): Reading {
  const decimals = last.split('.')[1]?.length ?? 0;
  const cause = 'The high-resolution register does not agree with the total.';
  return derivedReading(quantity, { ...total, value: { kind: 'unknown', value: null, decimals, cause } });
}

/** Memory comes from a file that may be old, or touched by a person. */
function recall(remembered: unknown): Memory {
  const { digits, last } = (remembered ?? {}) as Partial<Record<keyof Memory, unknown>>;
  return {
    digits: pick(digits, (value): value is number => Number.isInteger(value)),
    last: pick(last, isLast),
  };
}

function pick<T>(from: unknown, fits: (value: unknown) => value is T): Record<string, T> {
  const entries = Object.entries(from ?? {}) as [string, unknown][];
  return Object.fromEntries(entries.filter((entry): entry is [string, T] => fits(entry[1])));
}

function isLast(value: unknown): value is { value: string; unit: string } {
  const { value: text, unit } = (value ?? {}) as Record<string, unknown>;
  return typeof text === 'string' && /^\d+(\.\d+)?$/.test(text) && typeof unit === 'string';
}
