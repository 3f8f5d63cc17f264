import type { MeterProfile } from '../catalogue/family.ts';
import { LOGGER, type LogDialect, type LoggerName } from '../catalogue/loggers.ts';
import { R } from '../catalogue/register.ts';
import { numberOf, TIME_REGISTERS } from './decoded-row.ts';
import type { LogReading } from './log-reading.ts';
import type { LoggedValue } from './logged-row.ts';
import { endsAtMidnight } from './pace.ts';

/** Registers of each row: what tells its time, and what it is read for. */
export interface LogRegisters {
  readonly time: readonly number[];
  readonly values: readonly number[];
}

const TOTALS: Readonly<Record<MeterProfile['details'], readonly number[]>> = {
  heat: [R.heatEnergy, R.coolingEnergy, R.volume, R.reverseVolume],
  electricity: [R.activeEnergyImport, R.activeEnergyExport],
};
/** Flow and return temperature of the period that a row ends. */
const meansOf = (logger: LoggerName): readonly number[] => LOGGER[logger].means.map(([, mean]) => mean);

/** The totals that people look for, on a meter of its kind. */
export function mainTotals(details: MeterProfile['details']): readonly number[] {
  return TOTALS[details];
}

/**
 * The fewest that do. `listed`: those that the logger writes down, or null where that is not known; `now`: what the
 * meter has counted, because a total that stands at zero now has never been anything else.
 */
export function logRegisters(
  logger: LoggerName,
  listed: readonly number[] | null,
  wanted: LogReading['wanted'],
  now: readonly LoggedValue[],
): LogRegisters {
  const has = (id: number): boolean => listed === null || listed.includes(id);
  const counted = now.filter((value) => numberOf(value)?.gt(0) === true).map(({ register }) => register);
  const main = [...counted, ...(listed === null ? [] : meansOf(logger))];
  const chosen =
    wanted === undefined || wanted === 'main' ? main : wanted === 'all' ? (listed ?? main) : wanted;
  const values = [...new Set(chosen)].filter((id) => has(id) && !TIME_REGISTERS.includes(id));
  return { time: timeRegisters(logger, listed), values };
}

/** What will be asked for as `main`, before the logger has told what it writes down: as if it had all of that. */
export function expectedRegisters(
  dialect: LogDialect,
  logger: LoggerName,
  now: readonly LoggedValue[],
): readonly number[] {
  const all = [...TIME_REGISTERS, ...now.map(({ register }) => register), ...meansOf(logger)];
  const { time, values } = logRegisters(logger, dialect === 'logger' ? all : null, 'main', now);
  return [...time, ...values];
}

/** A date takes four bytes, with its clock eight, and both in one seven. */
function timeRegisters(logger: LoggerName, listed: readonly number[] | null): readonly number[] {
  if (listed === null) return [R.date, R.clock];
  const has = (id: number): boolean => listed.includes(id);
  if (endsAtMidnight(logger) && has(R.date)) return [R.date];
  return has(R.dateTime) ? [R.dateTime] : [R.date, R.clock].filter(has);
}
