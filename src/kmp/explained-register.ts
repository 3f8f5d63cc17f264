import { registerInfo } from '../catalogue/registers.ts';
import { decodeRegisterValue, type RegisterRecord, valueText, valueUnit } from './register.ts';

/** A register for a person who looks at a frame. */
export interface ExplainedRegister {
  readonly id: number;
  readonly quantity: string;
  /** Exact decimal, ISO date or time, or text; null where the meter says "never". */
  readonly value: string | null;
  readonly unit: string;
}

export function explainRegister(record: RegisterRecord): ExplainedRegister {
  const value = decodeRegisterValue(record);
  return {
    id: record.id,
    quantity: registerInfo(record.id).quantity,
    value: valueText(value),
    unit: valueUnit(value, record.unit),
  };
}
