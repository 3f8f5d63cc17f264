import { describe, expect, it } from 'vitest';
import { LOG_FORMATS, type ToldLogs } from '../../src/cli/logged-formats.ts';
import { loggedPoints } from '../../src/cli/logged-points.ts';
import type { LoggedRow } from '../../src/loggers/logged-row.ts';
import { unpainted } from '../../src/shared/paint.ts';
import { logged, loggedRow, loggedText, TWO_DAYS } from '../loggers/support/logged-rows.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';

const told = (rows: readonly LoggedRow[], more: Partial<ToldLogs> = {}): ToldLogs => ({
  ...{ serialNumber: '6655443', name: undefined, timezone: 'Europe/Copenhagen', rows },
  points: () => loggedPoints(undefined, '6655443', null, new CollectingLogger()),
  ...more,
});
const linesOf = (format: keyof typeof LOG_FORMATS, logs: ToldLogs): readonly string[] =>
  LOG_FORMATS[format](logs, unpainted);

/** Written by a clock of which nothing is known. */
const UNDATED = { ...loggedRow(3, '2014-01-01T00:00:00', [logged(60, '1.00', 'GJ')]), endedAt: null };

describe('rows of a meter’s log', () => {
  it('are a table a logger, the coarsest first, with a dash where there is no value', () => {
    const month = loggedRow(36, '2026-01-01T00:00:00', [logged(60, '226.000', 'GJ')], 'month');
    expect(linesOf('table', told([...TWO_DAYS, month]))).toEqual([
      'month log',
      'ended                row  heat_energy (GJ)',
      '2026-01-01 00:00:00   36           226.000',
      '',
      'day log',
      'ended                row  heat_energy (GJ)  volume (m³)  mean_flow_temperature_day (°C)',
      '2026-01-15 00:00:00  644           227.100      4120.00                           65.20',
      '2026-01-16 00:00:00  645           227.445      4127.10                               -',
    ]);
  });

  it('have a column for each unit, so that no number stands below a wrong one', () => {
    const later = loggedRow(646, '2026-01-17T00:00:00', [logged(60, '63.2', 'MWh')]);
    expect(linesOf('csv', told([...TWO_DAYS.slice(0, 1), later]))).toEqual([
      'logger,id,meter_time,time,serial_number,heat_energy (GJ),volume (m³),mean_flow_temperature_day (°C),heat_energy (MWh)',
      'day,644,2026-01-15T00:00:00,2026-01-15T00:00:00.000+01:00,6655443,227.100,4120.00,65.20,',
      'day,646,2026-01-17T00:00:00,2026-01-17T00:00:00.000+01:00,6655443,,,,63.2',
    ]);
  });

  it('have the meter’s time alone where nobody knows when they ended, and are no points then', () => {
    expect(linesOf('table', told([UNDATED]))).toEqual([
      "ended         by the meter's clock  row  heat_energy (GJ)",
      'nobody knows  2014-01-01 00:00:00     3              1.00',
    ]);
    expect(linesOf('csv', told([UNDATED]))[1]).toBe('day,3,2014-01-01T00:00:00,,6655443,1.00');
    expect(JSON.parse(linesOf('json', told([UNDATED]))[0] ?? '').rows).toEqual([
      {
        ...{ logger: 'day', id: 3, meterTime: '2014-01-01T00:00:00', endedAt: null },
        values: { heat_energy: { value: '1.00', unit: 'GJ', register: 60 } },
      },
    ]);
    expect(linesOf('influx', told([UNDATED]))).toEqual([]);
    expect(linesOf('table', told([{ ...UNDATED, meterTime: null }]))[1]).toMatch(/^nobody knows {2}- {2}/);
  });

  it('have the moment that it really was beside that of a meter’s clock that is wrong', () => {
    const late = { ...loggedRow(3, '2016-01-15T23:50:00', [logged(60, '1.00', 'GJ')]) };
    const endedAt = Date.UTC(2026, 0, 14, 23, 30);
    expect(linesOf('table', told([{ ...late, endedAt }]))).toEqual([
      "ended                by the meter's clock  row  heat_energy (GJ)",
      '2026-01-15 00:30:00  2016-01-15 23:50:00     3              1.00',
    ]);
  });

  it('are points of a meter that no configuration knows, with the tags that are known', () => {
    expect(linesOf('influx', told(TWO_DAYS))).toEqual([
      `multical,model=unknown,serial_number=6655443 heat_energy=227.100,volume=4120.00,mean_flow_temperature_day=65.20,day_log=644i ${TWO_DAYS[0]?.endedAt}`,
      `multical,model=unknown,serial_number=6655443 heat_energy=227.445,volume=4127.10,day_log=645i ${TWO_DAYS[1]?.endedAt}`,
    ]);
    const nothing = loggedRow(1, '2026-01-16T00:00:00', [loggedText(379, null)]);
    expect(linesOf('influx', told([nothing]))).toEqual([]);
  });
});
