import type { RegisterRecord } from '../kmp/register-record.ts';
import { decodeRegisterValue, valueUnit } from '../kmp/register-value.ts';
import { registerInfo } from '../kmp/registers/register-table.ts';
import type { RegisterReading } from './reading.ts';

/** The quantity behind a register. The unit is the one that the meter sent, never one from a table. */
export function takeReading(record: RegisterRecord, readAt: number): RegisterReading {
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
