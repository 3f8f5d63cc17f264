import { UNIT } from '../../../src/catalogue/units.ts';
import type { LogRow } from '../../../src/kmp/log-row.ts';
import { numberRecord, type RegisterRecord } from '../../../src/kmp/register.ts';

/** Register 1003 of a day written as `2026-01-15`. */
export function dateRecord(date: string): RegisterRecord {
  return numberRecord(1003, UNIT.date, BigInt(date.replaceAll('-', '').slice(2)), 0, 4);
}

/** Register 1002 of a time written as `03:30:00`. */
export function clockRecord(time: string): RegisterRecord {
  return numberRecord(1002, UNIT.clock, BigInt(time.replaceAll(':', '')), 0, 4);
}

/** Register 348: the standard time, and the minutes of daylight saving that the display adds. */
export function dateTimeRecord(standard: string, daylightSaving = 0): RegisterRecord {
  const [year = 0, ...rest] = standard.split(/[-T:]/).map(Number);
  const magnitude = Uint8Array.of(daylightSaving, year % 100, ...rest);
  return { id: 348, unit: UNIT.dstDateTime, signExponent: 0, magnitude };
}

/** Register 60 in GJ with three decimals. */
export function energyRecord(thousandths: number): RegisterRecord {
  return numberRecord(60, UNIT.gigaJoule, BigInt(thousandths), 3, 4);
}

export function logRow(id: number, ...records: readonly RegisterRecord[]): LogRow {
  return { id, records };
}
