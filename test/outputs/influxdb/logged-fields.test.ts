import { expect, it } from 'vitest';
import { LOGGERS } from '../../../src/catalogue/loggers.ts';
import { logField, loggedFields } from '../../../src/outputs/influxdb/logged-fields.ts';
import { inCommonUnit } from '../../../src/outputs/influxdb/points.ts';
import { logged, loggedRow, loggedText } from '../../loggers/support/logged-rows.ts';

const AS_IT_IS = <Same>(same: Same): Same => same;

it('are those of readings, with their types, and the number of the row in its log', () => {
  const row = loggedRow(645, '2026-01-16T00:00:00', [
    logged(60, '227.400', 'GJ'),
    logged(99, '16', ''),
    loggedText(127, '2026-01-15'),
    loggedText(379, null),
  ]);
  expect(loggedFields(row, AS_IT_IS)).toEqual([
    ['heat_energy', '227.400'],
    ['info_code', '16i'],
    ['max_power_year_date', '"2026-01-15"'],
    ['day_log', '645i'],
  ]);
});

it('are in the unit that all meters share where that is wanted', () => {
  const row = loggedRow(645, '2026-01-16T00:00:00', [logged(60, '227.4', 'GJ')], 'hour');
  expect(loggedFields(row, inCommonUnit)).toEqual([
    ['heat_energy', '63167'],
    ['hour_log', '645i'],
  ]);
});

it('are none where nothing has a value', () => {
  expect(loggedFields(loggedRow(1, '2026-01-16T00:00:00', [loggedText(379, null)]), AS_IT_IS)).toEqual([]);
});

it('name each log by a word that every version of InfluxDB takes', () => {
  expect(LOGGERS.map(logField)).toEqual([
    'year_log',
    'month_log',
    'day_log',
    'hour_log',
    'minute_1_log',
    'minute_2_log',
    'interval_log',
  ]);
});
