import { Big } from 'big.js';
import type { LoggerName } from '../../../src/catalogue/loggers.ts';
import { registerInfo } from '../../../src/catalogue/registers.ts';
import type { LoggedRow, LoggedValue } from '../../../src/loggers/logged-row.ts';

/** A number with the decimals that it is written with, as the meter wrote it down in `register`. */
export function logged(register: number, text: string, unit: string): LoggedValue {
  const { quantity } = registerInfo(register);
  return { register, quantity, unit, value: new Big(text), decimals: text.split('.')[1]?.length ?? 0 };
}

/** What is no number: a date, or nothing at all. */
export function loggedText(register: number, value: string | null): LoggedValue {
  const { quantity } = registerInfo(register);
  return { register, quantity, unit: '', value, decimals: 0 };
}

/** In winter, in a house in Copenhagen: `2026-01-15T00:00:00`. */
export function loggedRow(
  id: number,
  meterTime: string,
  values: readonly LoggedValue[],
  logger: LoggerName = 'day',
): LoggedRow {
  return { logger, id, meterTime, endedAt: Date.parse(`${meterTime}+01:00`), values };
}

/** Two days of a house that is heated. */
export const TWO_DAYS: readonly LoggedRow[] = [
  loggedRow(644, '2026-01-15T00:00:00', [
    logged(60, '227.100', 'GJ'),
    logged(68, '4120.00', 'm³'),
    logged(379, '65.20', '°C'),
  ]),
  loggedRow(645, '2026-01-16T00:00:00', [
    logged(60, '227.445', 'GJ'),
    logged(68, '4127.10', 'm³'),
    loggedText(379, null),
  ]),
];
