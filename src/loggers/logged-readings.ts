import { registerInfo } from '../catalogue/registers.ts';
import { convertUnit } from '../readings/conversion.ts';
import type { Reading, ReadingValue } from '../readings/reading.ts';
import { UNKNOWN_MOMENT } from '../shared/credible-clock.ts';
import type { LoggedRow, LoggedValue } from './logged-row.ts';

/**
 * What a meter wrote down, as readings of the moment at which the period ended: how a reading is converted, printed and
 * stored holds for it too.
 */
export function loggedReadings({ values, endedAt }: LoggedRow): readonly Reading[] {
  const readAt = endedAt ?? UNKNOWN_MOMENT;
  return values.map((value) => {
    const { quantity, unit, register } = value;
    const { label, nature } = registerInfo(register);
    return { quantity, label, nature, register, unit, readAt, value: readingValue(value) };
  });
}

/** In the units that `unitOf` gives for a quantity, as far as they are of the same kind as the meter's. */
export function convertLogged(row: LoggedRow, unitOf: (quantity: string) => string | undefined): LoggedRow {
  const values = row.values.map((logged) => {
    const { value, unit, decimals, quantity } = logged;
    const to = unitOf(quantity);
    if (to === undefined || value === null || typeof value === 'string') return logged;
    const converted = convertUnit({ value, decimals }, unit, to);
    return converted === undefined ? logged : { ...logged, ...converted, unit: to };
  });
  return { ...row, values };
}

function readingValue({ value, decimals }: LoggedValue): ReadingValue {
  if (value === null) return { kind: 'unknown', value: null, decimals, cause: NOTHING };
  return typeof value === 'string' ? { kind: 'text', value } : { kind: 'number', value, decimals };
}

const NOTHING = 'The meter has written down no value.';
