import type { InfoTableName, MeterKind } from '../catalogue/family.ts';
import type { ReadingNature } from '../catalogue/register.ts';
import { registerInfo } from '../catalogue/registers.ts';
import type { RegisterRecord } from '../kmp/register-record.ts';
import { decodeRegisterValue, type RegisterValue, valueText, valueUnit } from '../kmp/register-value.ts';

/** What the understanding of a meter's readings depends on. */
export interface MeterTraits {
  /** Null where it cannot be told. */
  readonly kind: MeterKind | null;
  /** Which list its info code is read with; null where none is known. */
  readonly infoTable: InfoTableName | null;
}

export const UNKNOWN_TRAITS: MeterTraits = { kind: null, infoTable: null };

/** What a reading says: a register's own content, or what follows from registers. */
export type ReadingValue =
  | RegisterValue
  /** A number that must not be believed (a failed sensor); its decimals are kept, its digits are not. */
  | { readonly kind: 'unknown'; readonly value: null; readonly decimals: number; readonly cause: string }
  /** Something that is the matter, or is not. */
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

/** One quantity as the meter gave it, at one moment. */
export interface Reading {
  /** Public name in topics and JSON, for example `heat_energy`. */
  readonly quantity: string;
  /** For a person, in English and sentence case. */
  readonly label: string;
  /** Null for what is in no register but follows from some. */
  readonly register: number | null;
  readonly nature: ReadingNature;
  readonly value: ReadingValue;
  /** The meter's own unit symbol (`GJ`, `l/h`, `°C`); empty for plain numbers. */
  readonly unit: string;
  /** Wall clock, milliseconds since 1970. */
  readonly readAt: number;
}

/** A reading just as a register gave it. */
export interface RegisterReading extends Reading {
  readonly register: number;
  readonly value: RegisterValue;
}

/** A reading that is a number, and is believed. */
export type NumberReading = Reading & { readonly value: Extract<ReadingValue, { kind: 'number' }> };

export function isNumber(reading: Reading | undefined): reading is NumberReading {
  return reading?.value.kind === 'number';
}

/** What register `id` held when it was read last among `readings`. */
export function numberIn(readings: readonly Reading[], id: number): NumberReading | undefined {
  const reading = readings.findLast(({ register }) => register === id);
  return isNumber(reading) ? reading : undefined;
}

/** For a person: `84.817 GJ`. */
export function readingText({ value, unit }: Pick<Reading, 'value' | 'unit'>): string {
  const text = readingValueText(value);
  if (text === null) return value.kind === 'unknown' ? 'unknown' : 'none';
  return `${text} ${unit}`.trim();
}

/** The quantity behind a register. The unit is the one that the meter sent, never one from a table. */
export function toReading(record: RegisterRecord, readAt: number): RegisterReading {
  const { quantity, label, nature } = registerInfo(record.id);
  const value = decodeRegisterValue(record);
  return {
    quantity,
    label,
    nature,
    register: record.id,
    value,
    unit: valueUnit(value, record.unit),
    readAt,
  };
}
