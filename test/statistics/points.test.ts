import { describe, expect, it } from 'vitest';
import type { LoggerName } from '../../src/catalogue/loggers.ts';
import type { LoggedRow } from '../../src/loggers/logged-row.ts';
import { targetsIn } from '../../src/statistics/targets.ts';
import { logged, loggedText } from '../loggers/support/logged-rows.ts';
import { heatRows, historyOf, rowAt } from './support/house.ts';

/** `[hour of Home Assistant's, value]` */
function pointsOf(quantity: string, ...rows: readonly LoggedRow[]) {
  const target = targetsIn(historyOf(...rows)).find((each) => each.quantity === quantity);
  return target?.points.map(({ start, value }) => [
    new Date(start).toISOString().slice(0, 13),
    value.toFixed(),
  ]);
}

describe('what a log tells of an hour', () => {
  it('is the day’s end in the last hour of that local day, over both changes of clocks', () => {
    const days = heatRows('day', {
      '2025-03-30T00:00:00+01:00': '10.000',
      '2025-03-31T00:00:00+02:00': '10.100',
      '2025-10-26T00:00:00+02:00': '20.000',
      '2025-10-27T00:00:00+01:00': '20.100',
    });
    expect(pointsOf('heat_energy', ...days)).toEqual([
      ['2025-03-29T22', '10'],
      ['2025-03-30T21', '10.1'],
      ['2025-10-25T21', '20'],
      ['2025-10-26T22', '20.1'],
    ]);
  });

  it('stays on its day where the meter keeps winter time all year', () => {
    const days = heatRows('day', { '2025-07-02T01:00:00+02:00': '10.000' });
    expect(pointsOf('heat_energy', ...days)).toEqual([['2025-07-01T21', '10']]);
  });

  it('is told by hours where there are any, and by days before them', () => {
    const days = heatRows('day', {
      '2026-01-14T00:00:00+01:00': '10.0',
      '2026-01-15T00:00:00+01:00': '10.5',
      '2026-01-16T00:00:00+01:00': '11.0',
    });
    const hours = heatRows('hour', {
      '2026-01-15T23:00:00+01:00': '10.980',
      '2026-01-16T00:00:00+01:00': '11.000',
      '2026-01-16T01:00:00+01:00': '11.020',
    });
    expect(pointsOf('heat_energy', ...days, ...hours)).toEqual([
      ['2026-01-13T22', '10'],
      ['2026-01-14T22', '10.5'],
      ['2026-01-15T21', '10.98'],
      ['2026-01-15T22', '11'],
      ['2026-01-15T23', '11.02'],
    ]);
  });

  it('lies on a full hour of UTC in a zone that is half an hour off', () => {
    const row = rowAt('day', '2026-01-15T00:00:00+05:30', [logged(60, '10.000', 'GJ')]);
    const [target] = targetsIn({ ...historyOf(row), timezone: 'Asia/Kolkata' });
    expect(new Date(target?.points[0]?.start ?? 0).toISOString()).toBe('2026-01-14T18:00:00.000Z');
  });

  it('is told by a coarser log only where there are no days', () => {
    const months = heatRows('month', { '2025-12-01T00:00:00+01:00': '8.000' });
    expect(pointsOf('heat_energy', ...months)).toEqual([['2025-11-30T22', '8']]);
    const days = heatRows('day', { '2026-01-15T00:00:00+01:00': '10.0' });
    expect(pointsOf('heat_energy', ...months, ...days)).toEqual([['2026-01-14T22', '10']]);
  });

  it('is nothing where the row has no moment, or no number', () => {
    const row = rowAt('day', '2026-01-15T00:00:00+01:00', [loggedText(60, null)]);
    const [undated] = heatRows('day', { '2026-01-16T00:00:00+01:00': '10.0' });
    const rows = [
      row,
      {
        ...undated,
        endedAt: null,
        logger: 'day' as LoggerName,
        id: 1,
        meterTime: null,
        values: undated?.values ?? [],
      },
    ];
    expect(pointsOf('heat_energy', ...rows)).toBeUndefined();
  });

  it('is for the total in all its forms, and for means that the meter made', () => {
    const hour = rowAt('hour', '2026-01-15T12:00:00+01:00', [
      logged(60, '10.000', 'GJ'),
      logged(68, '520.10', 'm³'),
      logged(86, '66.10', '°C'),
      logged(381, '65.20', '°C'),
    ]);
    const day = rowAt('day', '2026-01-15T00:00:00+01:00', [logged(380, '31.00', '°C')]);
    const told = targetsIn(historyOf(hour, day)).map(({ quantity, kind, points }) => [
      quantity,
      kind,
      points[0]?.value.toFixed(),
    ]);
    expect(told).toEqual([
      ['heat_energy', 'total', '10'],
      ['heat_energy_fine', 'total', '10'],
      ['heat_energy_kwh', 'total', '10'],
      ['volume', 'total', '520.1'],
      ['volume_fine', 'total', '520.1'],
      ['flow_temperature', 'mean', '65.2'],
      ['return_temperature', 'mean', '31'],
    ]);
  });
});
