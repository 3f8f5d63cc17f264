import { R } from '../catalogue/register.ts';
import type { RegisterRecord } from '../kmp/register.ts';
import type { MeterClient } from '../link/client.ts';
import type { MeterSession } from '../link/session.ts';
import type { Clock } from '../shared/clock.ts';
import { TIME_REGISTERS, valuesIn } from './decoded-row.ts';
import { mainTotals } from './log-registers.ts';
import type { LoggedValue } from './logged-row.ts';
import { anotherMeter } from './same-meter.ts';
import { type SeenClock, seenClock } from './seen-clock.ts';

/** Who it is whose log is read, and how it is set. */
export interface LoggingMeter {
  /** Undefined: whichever answers. */
  readonly serialNumber: string | undefined;
  readonly details: 'heat' | 'electricity';
  readonly timezone: string;
}

/** A meter as it is when its log is read. */
export interface FirstLook {
  readonly serialNumber: string;
  readonly clock: SeenClock | null;
  /** What it has counted. */
  readonly totals: readonly LoggedValue[];
}

/** Its number, its clock and its totals: a log is understood from its end. Errors: `cancelled` where another one answers. */
export async function lookAt(
  { serialNumber: expected, details, timezone }: LoggingMeter,
  client: MeterClient,
  session: MeterSession,
  clock: Pick<Clock, 'now'>,
): Promise<FirstLook> {
  const serialNumber = await client.serialNumber(session);
  if (expected !== undefined && serialNumber !== expected) throw anotherMeter(expected, serialNumber);
  const totals = mainTotals(details);
  const records: RegisterRecord[] = [];
  for await (const batch of client.registers(session, [...clockOf(details), ...totals], 'responsive'))
    records.push(...batch.records);
  const counted = records.filter(({ id }) => totals.includes(id));
  return { serialNumber, clock: seenClock(records, clock.now(), timezone), totals: valuesIn(counted) };
}

function clockOf(details: LoggingMeter['details']): readonly number[] {
  return details === 'heat' ? TIME_REGISTERS : [R.date, R.clock];
}
