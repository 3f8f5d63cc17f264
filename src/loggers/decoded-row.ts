import type { Big } from 'big.js';
import type { LoggerName } from '../catalogue/loggers.ts';
import { R } from '../catalogue/register.ts';
import { registerInfo } from '../catalogue/registers.ts';
import type { LogRow } from '../kmp/log-row.ts';
import type { RegisterRecord } from '../kmp/register.ts';
import { toReading } from '../readings/reading.ts';
import type { LoggedRow, LoggedValue } from './logged-row.ts';
import { type Stamp, stampIn } from './stamp.ts';

/** Registers that say when a row was written. */
export const TIME_REGISTERS: readonly number[] = [R.dateTime, R.date, R.clock];

/** A row that is understood, but for the moment that its time means. */
export interface DecodedRow extends Omit<LoggedRow, 'endedAt'> {
  readonly stamp: Stamp | null;
}

export function decodedRow(logger: LoggerName, { id, records }: LogRow): DecodedRow {
  const stamp = stampIn(records);
  return { logger, id, stamp, meterTime: stamp?.shown ?? null, values: valuesIn(records) };
}

/** Without those that tell the time. */
export function valuesIn(records: readonly RegisterRecord[]): readonly LoggedValue[] {
  return records.filter(({ id }) => !TIME_REGISTERS.includes(id)).map(loggedValue);
}

/** What stands for no value, what cannot be read and a total below zero are nobody's numbers: the meter said none. */
function loggedValue(record: RegisterRecord): LoggedValue {
  const { register, quantity, unit, value } = toReading(record, 0);
  const { decimals = 0 } = 'decimals' in value ? value : {};
  return { register, quantity, unit, decimals, value: isBelowZero(value, register) ? null : value.value };
}

function isBelowZero({ kind, value }: ReturnType<typeof toReading>['value'], register: number): boolean {
  return kind === 'number' && isTotal(register) && value.lt(0);
}

/** A register that never goes back, while its meter is not set to zero. */
export function isTotal(register: number): boolean {
  const { nature, traits } = registerInfo(register);
  return nature === 'total' && traits.shown === true;
}

/** Undefined for what is no number. */
export function numberOf(value: LoggedValue | undefined): Big | undefined {
  return value === undefined || value.value === null || typeof value.value === 'string'
    ? undefined
    : value.value;
}
