import { appendFileSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { localTime } from '../../../src/shared/zoned-time.ts';
import { logged, loggedRow, TWO_DAYS } from '../../loggers/support/logged-rows.ts';
import { energy } from '../../readings/support/readings.ts';
import { eventually } from '../../support/eventually.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { METER } from '../support/meter-readings.ts';
import { csvFolder } from './support/csv-folder.ts';

const HEADER = 'id,meter_time,quantity,value,unit,time,serial_number,name';
const DAY_LOG = '6655443-day-log.csv';
const at = (time: string): string => localTime(Date.parse(`${time}+01:00`));

const linesOf = (folder: string, file: string): readonly string[] =>
  readFileSync(join(folder, file), 'utf8').split('\n');
/** Row, quantity and value. */
const told = (folder: string, file = DAY_LOG): readonly string[] =>
  linesOf(folder, file)
    .slice(1, -1)
    .map((line) => line.replace(/^(\d+),[^,]*,([^,]*,[^,]*),.*$/, '$1,$2'));

it('writes what a meter wrote down into a file for each logger, apart from the daily ones', async () => {
  const folder = temporaryFolder();
  const { output } = csvFolder(folder);
  output.readingTaken(METER, [energy('65.200')]);
  output.logged(METER, TWO_DAYS);
  output.logged(METER, [loggedRow(36, '2026-01-01T00:00:00', [logged(60, '226.000', 'GJ')], 'month')]);
  await output.stop();
  expect(readdirSync(folder).sort()).toEqual([
    DAY_LOG,
    '6655443-month-log.csv',
    expect.stringMatching(/^multical-/),
  ]);
  const [first, second] = ['2026-01-15T00:00:00', '2026-01-16T00:00:00'];
  expect(linesOf(folder, DAY_LOG)).toEqual([
    HEADER,
    `644,${first},heat_energy,227.100,GJ,${at(first)},6655443,Fjernvarme Kælder`,
    `644,${first},volume,4120.00,m³,${at(first)},6655443,Fjernvarme Kælder`,
    `644,${first},mean_flow_temperature_day,65.20,°C,${at(first)},6655443,Fjernvarme Kælder`,
    `645,${second},heat_energy,227.445,GJ,${at(second)},6655443,Fjernvarme Kælder`,
    `645,${second},volume,4127.10,m³,${at(second)},6655443,Fjernvarme Kælder`,
    '',
  ]);
  expect(output.health).toMatchObject({ delivered: 7, waiting: 0, problem: null });
});

it('writes each value once, whoever tells it again, and after a restart and another name too', async () => {
  const folder = temporaryFolder();
  const first = csvFolder(folder).output;
  for (const [row] of [TWO_DAYS, TWO_DAYS]) first.logged(METER, row === undefined ? [] : [row]);
  await first.stop();
  const second = csvFolder(folder).output;
  second.logged({ ...METER, name: 'House' }, TWO_DAYS);
  await second.stop();
  expect(told(folder)).toEqual([
    '644,heat_energy,227.100',
    '644,volume,4120.00',
    '644,mean_flow_temperature_day,65.20',
    '645,heat_energy,227.445',
    '645,volume,4127.10',
  ]);
  expect([first.health.delivered, second.health.delivered]).toEqual([3, 2]);
});

it('adds a quantity that is asked for later, and the rows of a meter that began to count anew', async () => {
  const folder = temporaryFolder();
  const { output } = csvFolder(folder);
  const energyOnly = loggedRow(1, '2026-01-15T00:00:00', [logged(60, '1.000', 'GJ')]);
  output.logged(METER, [energyOnly]);
  output.logged(METER, [{ ...energyOnly, values: [...energyOnly.values, logged(68, '2.00', 'm³')] }]);
  output.logged(METER, [loggedRow(1, '2026-03-01T00:00:00', [logged(60, '0.000', 'GJ')])]);
  await output.stop();
  expect(told(folder)).toEqual(['1,heat_energy,1.000', '1,volume,2.00', '1,heat_energy,0.000']);
});

it('has no time where nobody knows when a period ended', async () => {
  const folder = temporaryFolder();
  const { output } = csvFolder(folder);
  const row = loggedRow(1, '2016-01-15T00:00:00', [logged(60, '1.000', 'GJ')]);
  output.logged(METER, [
    { ...row, endedAt: null },
    { ...row, id: 2, endedAt: null, meterTime: null },
  ]);
  await output.stop();
  expect(linesOf(folder, DAY_LOG).slice(1)).toEqual([
    '1,2016-01-15T00:00:00,heat_energy,1.000,GJ,,6655443,Fjernvarme Kælder',
    '2,,heat_energy,1.000,GJ,,6655443,Fjernvarme Kælder',
    '',
  ]);
});

it('cuts off a row that a crash left unfinished, and writes it again', async () => {
  const folder = temporaryFolder();
  const first = csvFolder(folder).output;
  first.logged(METER, TWO_DAYS.slice(0, 1));
  await first.stop();
  appendFileSync(join(folder, DAY_LOG), '645,2026-01-16T00:00:00,heat_energy,227.4');
  const { output, logger } = csvFolder(folder);
  output.logged(METER, TWO_DAYS);
  await output.stop();
  expect(told(folder).slice(3)).toEqual(['645,heat_energy,227.445', '645,volume,4127.10']);
  expect(logger.matching(/6655443-day-log\.csv ended in the middle of a line/)).toHaveLength(1);
});

it('begins a new file where somebody has taken the old one away', async () => {
  const folder = temporaryFolder();
  const { output } = csvFolder(folder);
  output.logged(METER, TWO_DAYS);
  await eventually(() => output.health.delivered === 5);
  renameSync(join(folder, DAY_LOG), join(folder, 'taken.csv'));
  output.logged(METER, TWO_DAYS);
  await output.stop();
  expect(linesOf(folder, DAY_LOG)).toEqual(linesOf(folder, 'taken.csv'));
});
