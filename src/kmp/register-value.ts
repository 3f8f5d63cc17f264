import { Big } from 'big.js';
import { toHex } from './bytes.ts';
import {
  calendarDate,
  clockTime,
  type DateTime,
  monthDay,
  realTimeClock,
  secondsSince2000,
  standardDateTime,
} from './date-time.ts';
import { magnitudeOf, type RegisterRecord } from './register-record.ts';
import { UNIT, unitSymbol } from './units.ts';

/** What a register holds, by its unit code. Null where the meter says "never" (a date of zeros). */
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
