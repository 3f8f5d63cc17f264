import { Big } from 'big.js';
import {
  COOLING_ENERGY,
  type FinelyCounted,
  HEAT_ENERGY,
  VOLUME,
} from '../kmp/registers/related-registers.ts';
import { derivedReading } from './derived-reading.ts';
import type { InterpretationStage } from './interpretation.ts';
import { type NumberReading, numberIn } from './number-reading.ts';
import type { Reading } from './reading.ts';
import { digitsOf, stitch } from './stitch.ts';

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
  if (total === undefined) return undefined;
  if (fine === undefined)
    return hasMovedOn(total, memory.last[pair.quantity])
      ? takenBack(pair, total, memory, MOVED_ON)
      : undefined;
  const digits = Math.max(memory.digits[String(fine.register)] ?? 0, digitsOf(fine));
  const refined = stitch(total, fine, digits);
  const last = memory.last[pair.quantity];
  if (refined === undefined) return takenBack(pair, total, memory, DISAGREES);
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

/** Further from the total than its last digit, so that the two would not be of the same time. */
function hasMovedOn({ value, unit }: NumberReading, last: Memory['last'][string] | undefined): boolean {
  if (last === undefined) return false;
  return last.unit !== unit || value.value.minus(last.value).abs().gt(`1e-${value.decimals}`);
}

/** An older value would be taken for that of now. */
function takenBack(
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
