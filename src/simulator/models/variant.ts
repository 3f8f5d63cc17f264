import type { MeterModel, RegisterRow } from './meter-model.ts';

/** The differences of a model from another one. */
export interface Variation extends Partial<Omit<MeterModel, 'registers'>> {
  readonly name: string;
  /** Another unit and its decimals, for every register in the unit of the key. */
  readonly units?: Readonly<Record<number, readonly [unit: number, decimals: number]>>;
  /** Bytes of a register's value. */
  readonly lengths?: Readonly<Record<number, number>>;
  readonly without?: readonly number[];
  /** Only these; all of them if left out. */
  readonly only?: readonly number[];
  /** Rows that replace or are added. */
  readonly registers?: readonly RegisterRow[];
}

export function variant(base: MeterModel, variation: Variation): MeterModel {
  const { units = {}, lengths = {}, without = [], only, registers: added = [], ...rest } = variation;
  const replaced = new Set([...without, ...added.map(([id]) => id)]);
  const kept = base.registers
    .filter(([id]) => !replaced.has(id) && (only?.includes(id) ?? true))
    .map(([id, unit, length, decimals, source, wrapsAt]): RegisterRow => {
      const [otherUnit, otherDecimals] = units[unit] ?? [unit, decimals];
      return [id, otherUnit, lengths[id] ?? length, otherDecimals, source, wrapsAt];
    });
  return { ...base, ...rest, registers: [...kept, ...added].sort(([a], [b]) => a - b) };
}
