import type { Big } from 'big.js';
import type { LoggerName } from '../catalogue/loggers.ts';

/** One quantity as the meter wrote it down. */
export interface LoggedValue {
  readonly register: number;
  /** Public name, as in topics. */
  readonly quantity: string;
  /** The meter's symbol; empty for what has none. */
  readonly unit: string;
  /** Exact; a text for dates, times and texts; null where the meter says "never". */
  readonly value: Big | string | null;
  /** The meter's own; 0 for what is no number. */
  readonly decimals: number;
}

/** What one of a meter's loggers wrote down at the end of a period. */
export interface LoggedRow {
  readonly logger: LoggerName;
  /** The meter's number of this row: it grows by one each period, and stays. */
  readonly id: number;
  /** The end of the period by the meter's own clock, without a zone (`2026-01-01T00:00:00`); null where it tells none. */
  readonly meterTime: string | null;
  /** The same moment in milliseconds since 1970; null where it cannot be told. */
  readonly endedAt: number | null;
  /** Without the registers that tell the time. */
  readonly values: readonly LoggedValue[];
}
