import type { InfoTableName, MeterKind } from '../catalogue/family.ts';
import { standsForNone } from '../catalogue/no-value.ts';
import type { ReadingNature, RegisterInfo } from '../catalogue/register.ts';
import { registerInfo } from '../catalogue/registers.ts';
import {
  decodeRegisterValue,
  magnitudeOf,
  type RegisterRecord,
  type RegisterValue,
  valueText,
  valueUnit,
} from '../kmp/register.ts';
import { momentText } from '../shared/credible-clock.ts';

/** Facts about a meter that decide how its readings are understood. */
export interface MeterTraits {
  /** Null where it is not known. */
  readonly kind: MeterKind | null;
  /** The list that explains its info code; null where it is not known. */
  readonly infoTable: InfoTableName | null;
}

export const UNKNOWN_TRAITS: MeterTraits = { kind: null, infoTable: null };

/** A number that must not be believed (a failed sensor), or is none; its decimals are kept, its digits are not. */
export interface UnknownValue {
  readonly kind: 'unknown';
  readonly value: null;
  readonly decimals: number;
  readonly cause: string;
  /** The number that the meter sends where it has no value: `127 °C`. */
  readonly inPlace?: string;
}

/** A register's own content, or a value derived from registers. */
export type ReadingValue =
  | RegisterValue
  | UnknownValue
  /** A problem that is there, or is not. */
  | { readonly kind: 'flag'; readonly value: boolean }
  /** A moment: ISO 8601 with its offset. */
  | { readonly kind: 'timestamp'; readonly value: string | null };

/** For a person or a JSON string: an exact decimal, an ISO date or time, or text; null where there is none. */
export function readingValueText(value: ReadingValue): string | null {
  switch (value.kind) {
    case 'unknown':
    case 'timestamp':
      return value.value;
    case 'flag':
      return String(value.value);
    default:
      return valueText(value);
  }
}

/** One quantity of a meter at one moment. */
export interface Reading {
  /** Public name in topics and JSON, for example `heat_energy`. */
  readonly quantity: string;
  /** For a person, in English and sentence case. */
  readonly label: string;
  /** Null for derived quantities. */
  readonly register: number | null;
  readonly nature: ReadingNature;
  readonly value: ReadingValue;
  /** The meter's own unit symbol (`GJ`, `l/h`, `°C`); empty for plain numbers. */
  readonly unit: string;
  /** When the reply was complete that it came with: milliseconds since 1970, or a moment of `CredibleClock`. */
  readonly readAt: number;
  /** The same on the monotonic clock; undefined for what is derived, or was read in an earlier run. */
  readonly uptime?: number;
  /** Of an info register just read: the length of its value, which tells what its bits mean. */
  readonly bytes?: number;
}

/** A reading straight from a register. */
export interface RegisterReading extends Reading {
  readonly register: number;
  readonly value: RegisterValue | UnknownValue;
}

/** A reading that is a number, and is believed. */
export type NumberReading = Reading & { readonly value: Extract<ReadingValue, { kind: 'number' }> };

export function isNumber(reading: Reading | undefined): reading is NumberReading {
  return reading?.value.kind === 'number';
}

/** The last reading of register `id`; undefined where it is no number. */
export function numberIn(readings: readonly Reading[], id: number): NumberReading | undefined {
  const reading = readings.findLast(({ register }) => register === id);
  return isNumber(reading) ? reading : undefined;
}

/** When the newest of them was read; undefined without any. */
export function newestOf(readings: readonly Reading[]): number | undefined {
  return readings.length === 0 ? undefined : Math.max(...readings.map(({ readAt }) => readAt));
}

/** For a person: `84.817 GJ`. */
export function readingText({ value, unit }: Pick<Reading, 'value' | 'unit'>): string {
  const text = readingValueText(value);
  if (text === null) return value.kind === 'unknown' ? 'unknown' : 'none';
  return `${text} ${unit}`.trim();
}

/** Decodes a register. The unit is the one that the meter sent; only a plain number may get one from a table. */
export function toReading(record: RegisterRecord, readAt: number, uptime?: number): RegisterReading {
  const info = registerInfo(record.id);
  const { quantity, label, nature } = info;
  const decoded = decodeRegisterValue(record);
  const unit = valueUnit(decoded, record.unit) || unitOfPlain(decoded, info);
  return {
    quantity,
    label,
    nature,
    register: record.id,
    value: meant(decoded, record, unit),
    unit,
    readAt,
    ...(uptime !== undefined && { uptime }),
    ...(nature === 'info' && { bytes: record.magnitude.length }),
  };
}

/** A plain number of some meters that has a unit on others; empty where it has none anywhere. */
export function unitOfPlain({ kind }: ReadingValue, { traits }: Pick<RegisterInfo, 'traits'>): string {
  return kind === 'number' || kind === 'unknown' ? (traits.countsIn ?? '') : '';
}

function meant(value: RegisterValue, record: RegisterRecord, unit: string): RegisterValue | UnknownValue {
  if (value.kind !== 'number') return value;
  const sent = {
    unit: record.unit,
    bytes: record.magnitude.length,
    integer: magnitudeOf(record),
    value: value.value,
  };
  if (!standsForNone(registerInfo(record.id), sent)) return value;
  const inPlace = `${valueText(value)} ${unit}`.trim();
  const cause = `The meter sends ${inPlace}, which stands for no value.`;
  return { kind: 'unknown', value: null, decimals: value.decimals, cause, inPlace };
}

/**
 * All quantities of a meter as one JSON object, written by hand, because JSON.stringify knows only floating point: `65.20`
 * would lose its zero, and integers beyond 2^53 their last digits. Null where the meter says "never" or cannot be
 * understood. `readAt`: when the newest of them were read; null in it while that cannot be told. `first`: members to
 * stand before them, as JSON.
 */
export function stateJson(latest: readonly Reading[], readAt: number, first: readonly string[] = []): string {
  const members = latest.map(({ quantity, value }) => `${JSON.stringify(quantity)}:${valueJson(value)}`);
  return `{${[...first, ...members, `"read_at":${JSON.stringify(momentText(readAt))}`].join(',')}}`;
}

function valueJson(value: Reading['value']): string {
  return value.kind === 'number' ? value.value.toFixed(value.decimals) : JSON.stringify(value.value);
}
