import { Big } from 'big.js';
import { UNIT, unitSymbol } from '../catalogue/units.ts';
import { byteAt, fromUnsigned, toHex, toUnsigned, wordAt } from './bytes.ts';

/**
 * One register as the meter sends it: id(2) unit(1) length(1) sign-and-exponent(1) magnitude(length).
 * Kept undecoded, because what the magnitude means depends on the unit.
 */
export interface RegisterRecord {
  readonly id: number;
  readonly unit: number;
  /** Bit 7: value negative; bit 6: exponent negative; bits 5 to 0: exponent (5512-447 section 4.2). */
  readonly signExponent: number;
  /** Big-endian, 1 to 16 bytes. */
  readonly magnitude: Uint8Array;
}

const HEADER_LENGTH = 5;
const LONGEST_MAGNITUDE = 16;
const LARGEST_EXPONENT = 0x3f;

export function encodeRegisterRecord({ id, unit, signExponent, magnitude }: RegisterRecord): number[] {
  return [id >> 8, id & 0xff, unit, magnitude.length, signExponent, ...magnitude];
}

/** All records in `bytes`, which they must fill exactly; undefined otherwise. */
export function decodeRegisterRecords(bytes: Uint8Array): RegisterRecord[] | undefined {
  const records: RegisterRecord[] = [];
  let offset = 0;
  while (offset < bytes.length) {
    const read = readRegisterRecord(bytes, offset);
    if (read === undefined) return undefined;
    records.push(read.record);
    offset = read.end;
  }
  return records;
}

/** The record that begins at `start`, and the offset behind it; undefined where there is no whole one. */
export function readRegisterRecord(
  bytes: Uint8Array,
  start: number,
): { readonly record: RegisterRecord; readonly end: number } | undefined {
  const end = start + HEADER_LENGTH + byteAt(bytes, start + 3);
  const magnitude = bytes.slice(start + HEADER_LENGTH, end);
  if (end > bytes.length || magnitude.length === 0 || magnitude.length > LONGEST_MAGNITUDE) return undefined;
  const record = {
    id: wordAt(bytes, start),
    unit: byteAt(bytes, start + 2),
    signExponent: byteAt(bytes, start + 4),
    magnitude,
  };
  return { record, end };
}

export function magnitudeOf(record: RegisterRecord): bigint {
  return toUnsigned(record.magnitude);
}

/**
 * A record for a number given as integer and decimals: 5365 with 2 decimals is 53.65; 255 with -3 decimals
 * is 255000. RangeError where the number does not fit: a cut one would be a wrong reading.
 */
export function numberRecord(
  id: number,
  unit: number,
  integer: bigint,
  decimals: number,
  length: number,
): RegisterRecord {
  const sign = integer < 0n ? 0x80 : 0;
  const exponent = decimals > 0 ? 0x40 | decimals : -decimals;
  const magnitude = integer < 0n ? -integer : integer;
  if (Math.abs(decimals) > LARGEST_EXPONENT) throw new RangeError(`${decimals} decimals exceed six bits`);
  if (magnitude >> BigInt(8 * length) !== 0n) throw new RangeError(`${integer} exceeds ${length} bytes`);
  return {
    id,
    unit,
    signExponent: sign | exponent,
    magnitude: Uint8Array.from(fromUnsigned(magnitude, length)),
  };
}

/** A register's content, read by its unit code. Null where the meter says "never" (a date of zeros). */
export type RegisterValue =
  | {
      readonly kind: 'number';
      readonly value: Big;
      /** The meter's own decimals. */
      readonly decimals: number;
    }
  | { readonly kind: 'date'; readonly value: string | null }
  | { readonly kind: 'month-day'; readonly value: string | null }
  | { readonly kind: 'time'; readonly value: string | null }
  | ({ readonly kind: 'date-time' } & DateTime)
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'unreadable'; readonly value: null; readonly hex: string };

export function decodeRegisterValue(record: RegisterRecord): RegisterValue {
  const integer = magnitudeOf(record);
  switch (record.unit) {
    case UNIT.date:
      return {
        kind: 'date',
        value: integer > 991231n ? null : calendarDate(2000 + Number(integer / 10000n), integer),
      };
    case UNIT.longDate:
      return { kind: 'date', value: calendarDate(Number(integer / 10000n), integer) };
    case UNIT.monthDay:
      return { kind: 'month-day', value: monthDay(integer) };
    case UNIT.clock:
      return { kind: 'time', value: clockTime(integer) };
    case UNIT.ascii:
      return text(record);
    case UNIT.dstDateTime:
      return dateTime(record, standardDateTime(record.magnitude));
    case UNIT.realTimeClock:
    case UNIT.realTimeClockQuarter:
      return dateTime(record, realTimeClock(record.magnitude));
    case UNIT.secondsSince2000:
      return dateTime(record, secondsSince2000(record.magnitude));
    default:
      return number(record, integer);
  }
}

/**
 * The value for a person or a JSON string: an exact decimal with the meter's decimals, an ISO date or time,
 * or text; null where there is none.
 */
export function valueText(value: RegisterValue): string | null {
  return value.kind === 'number' ? value.value.toFixed(value.decimals) : value.value;
}

/** The unit of a value; empty where the unit code says how to read it (a date, a bit field), not what it measures. */
export function valueUnit(value: RegisterValue, code: number): string {
  return value.kind === 'number' && code !== UNIT.bitField ? unitSymbol(code) : '';
}

function number({ signExponent }: RegisterRecord, integer: bigint): RegisterValue {
  const exponent = signExponent & 0x3f;
  const negativeExponent = (signExponent & 0x40) !== 0;
  const sign = signExponent & 0x80 ? '-' : '';
  const value = new Big(`${sign}${integer}e${negativeExponent ? -exponent : exponent}`);
  return { kind: 'number', value, decimals: negativeExponent ? exponent : 0 };
}

function text(record: RegisterRecord): RegisterValue {
  const value = Buffer.from(record.magnitude)
    .toString('latin1')
    .replace(/[\0 ]+$/, '');
  return /^[\x20-\x7e]*$/.test(value) ? { kind: 'text', value } : unreadable(record);
}

function dateTime(record: RegisterRecord, decoded: DateTime | undefined): RegisterValue {
  return decoded === undefined ? unreadable(record) : { kind: 'date-time', ...decoded };
}

function unreadable(record: RegisterRecord): RegisterValue {
  return { kind: 'unreadable', value: null, hex: toHex(record.magnitude) };
}

/** A meter's date and time. The meter knows no time zone: whoever shows it must know the place. */
interface DateTime {
  /** The time on the meter's display (`2026-01-23T19:19:47`), or null where it was never set. */
  readonly value: string | null;
  /** Minutes of daylight saving that are contained in `value`. */
  readonly daylightSaving: number;
}

const MINUTE = 60_000;
const START_OF_2000 = Date.UTC(2000, 0, 1);

/** `value` ends in the digits MMDD. Null for a month or day of zero ("never") and for dates that do not exist. */
export function calendarDate(year: number, value: bigint): string | null {
  const iso = isoDate(year, Number((value / 100n) % 100n), Number(value % 100n));
  return year >= 1 && year <= 9999 && isRealDate(iso) ? iso : null;
}

/** Decimal MMDD, for the yearly target date. */
export function monthDay(value: bigint): string | null {
  // 2024 is a leap year, so that 29 February passes.
  return value > 1231n ? null : (calendarDate(2024, value)?.slice(5) ?? null);
}

/** Decimal hhmmss. */
export function clockTime(value: bigint): string | null {
  const iso = isoTime(Number(value / 10000n), Number((value / 100n) % 100n), Number(value % 100n));
  return isRealDateTime(`2000-01-01T${iso}`) ? iso : null;
}

/**
 * Unit 79: daylight saving in minutes, then YY MM DD hh mm ss in binary. The fields hold standard time;
 * LogView shows 3C 1A 04 15 0C 07 1E as 13:07:30 (jktjkt/PyKMP), so the display adds the first byte.
 */
export function standardDateTime(bytes: Uint8Array): DateTime | undefined {
  const [daylightSaving = 0, year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = bytes;
  if (bytes.length !== 7) return undefined;
  return displayed(year, month, day, isoTime(hour, minute, second), daylightSaving);
}

/** Units 53 and 63: flags (bit 0: daylight saving), weekday, ss mm hh DD MM YY in binary, standard time. */
export function realTimeClock(bytes: Uint8Array): DateTime | undefined {
  const [flags = 0, , second = 0, minute = 0, hour = 0, day = 0, month = 0, year = 0] = bytes;
  if (bytes.length !== 8) return undefined;
  return displayed(year, month, day, isoTime(hour, minute, second), flags & 1 ? 60 : 0);
}

/** Unit 72: a flag byte and the seconds since 2000-01-01; no seconds at all is "never". */
export function secondsSince2000(bytes: Uint8Array): DateTime | undefined {
  if (bytes.length !== 5) return undefined;
  const seconds = Number(toUnsigned(bytes.subarray(1)));
  return { value: seconds === 0 ? null : isoWithoutZone(START_OF_2000 + seconds * 1000), daylightSaving: 0 };
}

function displayed(
  year: number,
  month: number,
  day: number,
  time: string,
  daylightSaving: number,
): DateTime | undefined {
  if (month === 0 || day === 0) return { value: null, daylightSaving: 0 };
  const standard = `${isoDate(2000 + year, month, day)}T${time}`;
  if (!isRealDateTime(standard)) return undefined;
  return { value: isoWithoutZone(Date.parse(`${standard}Z`) + daylightSaving * MINUTE), daylightSaving };
}

function isoDate(year: number, month: number, day: number): string {
  return `${String(year).padStart(4, '0')}-${twoDigits(month)}-${twoDigits(day)}`;
}

function isoTime(hour: number, minute: number, second: number): string {
  return [hour, minute, second].map(twoDigits).join(':');
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

function isRealDate(iso: string): boolean {
  return isRealDateTime(`${iso}T00:00:00`);
}

/** Rejects dates and times that a round trip changes: 30 February and 24:00 do not exist. */
function isRealDateTime(iso: string): boolean {
  const time = Date.parse(`${iso}Z`);
  return !Number.isNaN(time) && isoWithoutZone(time) === iso;
}

function isoWithoutZone(time: number): string {
  return new Date(time).toISOString().slice(0, 19);
}
