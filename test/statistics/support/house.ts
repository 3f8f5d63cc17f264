import type { LoggerName } from '../../../src/catalogue/loggers.ts';
import type { LoggedRow, LoggedValue } from '../../../src/loggers/logged-row.ts';
import type { LoggedHistory } from '../../../src/statistics/points.ts';
import { logged } from '../../loggers/support/logged-rows.ts';

export const SERIAL_NUMBER = '84968362';
export const HEAT = `multical2mqtt_${SERIAL_NUMBER}_heat_energy`;
export const ZONE = 'Europe/Copenhagen';

/** `at`: when its period ended, by a clock with a zone. */
export function rowAt(logger: LoggerName, at: string, values: readonly LoggedValue[]): LoggedRow {
  const endedAt = Date.parse(at);
  return { logger, id: Math.floor(endedAt / 3_600_000), meterTime: at.slice(0, 19), endedAt, values };
}

/** Its heat energy in GJ, at the end of each period. */
export function heatRows(
  logger: LoggerName,
  told: Readonly<Record<string, string>>,
  unit = 'GJ',
): readonly LoggedRow[] {
  return Object.entries(told).map(([at, total]) => rowAt(logger, at, [logged(60, total, unit)]));
}

/** A house in Copenhagen whose meter wrote this down. */
export function historyOf(...rows: readonly LoggedRow[]): LoggedHistory {
  return {
    serialNumber: SERIAL_NUMBER,
    name: 'House',
    timezone: ZONE,
    rows: (logger) => rows.filter((row) => row.logger === logger),
  };
}
