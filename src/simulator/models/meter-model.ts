import type { LogDialect, LoggerName } from '../../catalogue/loggers.ts';
import { UNIT } from '../../catalogue/units.ts';
import type { HouseQuantity, HouseStart } from '../house-values.ts';

/**
 * The source of a register's content: a quantity of the house, the meter's own serial number or clock, a constant
 * integer before its decimals (5365 with 2 decimals is 53.65), a text, a multiple of a quantity (a phase's share), or what came of
 * it after the first `since` of the house's units (Wh, l, kg).
 */
export type RegisterSource =
  | HouseQuantity
  | 'serialNumber'
  | 'dateTime'
  | number
  | bigint
  | { readonly text: string }
  | { readonly of: HouseQuantity; readonly times?: number; readonly since?: number };

export interface RegisterDefinition {
  /** Unit code (kmp/units.ts). */
  readonly unit: number;
  /** Bytes of the magnitude. */
  readonly length: number;
  readonly decimals: number;
  readonly source: RegisterSource;
  /** Leading digits are cut: the content begins anew at this value, in the register's unit. */
  readonly wrapsAt?: number;
}

export type RegisterRow = readonly [
  id: number,
  unit: number,
  length: number,
  decimals: number,
  source: RegisterSource,
  wrapsAt?: number | undefined,
];

export interface LoggerModel {
  readonly name: LoggerName;
  /** Rows that the ring holds. */
  readonly depth: number;
  /** Minutes, of a logger whose name does not tell its period: 0 where nobody has set it. */
  readonly interval?: number;
  readonly registers: readonly number[];
}

export interface LogModel {
  readonly dialect: LogDialect;
  readonly loggers: readonly LoggerModel[];
}

export interface MeterModel {
  readonly name: string;
  /** Answer to GetType. Public for the 601 and electricity only; others carry the version byte of their radio telegrams, or 0. */
  readonly meterType: number;
  readonly softwareRevision: string | null;
  readonly serialNumber: number;
  /** `awakeFor`: milliseconds after a button. `trafficKeepsAwake`: requests keep the eye working as a button does. */
  readonly eye: { readonly awakeFor: number; readonly trafficKeepsAwake: boolean };
  /** Counters when the simulation begins. */
  readonly start: HouseStart;
  readonly registers: readonly RegisterRow[];
  /** Null where how to ask for it is not public, or nothing is written down. */
  readonly log: LogModel | null;
}

export function registerDefinitions(rows: readonly RegisterRow[]): Map<number, RegisterDefinition> {
  return new Map(
    rows.map(([id, unit, length, decimals, source, wrapsAt]) => [
      id,
      { unit, length, decimals, source, ...(wrapsAt !== undefined && { wrapsAt }) },
    ]),
  );
}

/** Highest and lowest flow and power of this year and this month, each with its date. `length`: bytes of a value. */
// biome-ignore format: a table reads best in rows
export function peakRows(length: number): readonly RegisterRow[] {
  const { date, litrePerHour, kiloWatt } = UNIT;
  return [
    [123, date, 4, 0, 'maxFlowYearDate'],
    [124, litrePerHour, length, 0, 'maxFlowYear'],
    [125, date, 4, 0, 'minFlowYearDate'],
    [126, litrePerHour, length, 0, 'minFlowYear'],
    [127, date, 4, 0, 'maxPowerYearDate'],
    [128, kiloWatt, length, 1, 'maxPowerYear'],
    [129, date, 4, 0, 'minPowerYearDate'],
    [130, kiloWatt, length, 1, 'minPowerYear'],
    [138, date, 4, 0, 'maxFlowMonthDate'],
    [139, litrePerHour, length, 0, 'maxFlowMonth'],
    [140, date, 4, 0, 'minFlowMonthDate'],
    [141, litrePerHour, length, 0, 'minFlowMonth'],
    [142, date, 4, 0, 'maxPowerMonthDate'],
    [143, kiloWatt, length, 1, 'maxPowerMonth'],
    [144, date, 4, 0, 'minPowerMonthDate'],
    [145, kiloWatt, length, 1, 'minPowerMonth'],
  ];
}

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
