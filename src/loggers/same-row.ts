import type { DecodedRow } from './decoded-row.ts';
import type { LoggedRow, LoggedValue } from './logged-row.ts';

/** `2026-01-01T00:00`: a date alone says the same as a date with some seconds. */
const TO_THE_MINUTE = 16;

/** Whether a row that is known is the one that the meter shows under its number now, as far as both tell. */
export function isSameRow(known: LoggedRow, now: DecodedRow): boolean {
  const [before, after] = [known.meterTime, now.meterTime].map((time) => time?.slice(0, TO_THE_MINUTE));
  if (before !== undefined && after !== undefined && before !== after) return false;
  return known.values.every((value) => {
    const again = now.values.find(({ register }) => register === value.register);
    return again === undefined || isSameValue(value, again);
  });
}

function isSameValue(one: LoggedValue, other: LoggedValue): boolean {
  return one.unit === other.unit && textOf(one) === textOf(other);
}

function textOf({ value }: LoggedValue): string | null {
  return value === null || typeof value === 'string' ? value : value.toFixed();
}
