import { describe, expect, it } from 'vitest';
import { csvLine, csvRows } from '../../../src/outputs/csv/rows.ts';
import { FLOW_TEMPERATURE, HEAT_ENERGY, METER } from '../support/meter-readings.ts';

describe('a line of CSV', () => {
  it.each([
    [['a', '65.20', ''], 'a,65.20,'],
    [['a,b', 'say "no"'], '"a,b","say ""no"""'],
    [[' a', 'b '], '" a","b "'],
    [['two\r\nlines\nor\rthree'], 'two lines or three'],
    [[''], ''],
  ])('%j', (cells, line) => {
    expect(csvLine(cells)).toBe(line);
  });
});

describe('the rows of a reading', () => {
  it('have the moment of their own value each, and go to its day', () => {
    const before = { ...HEAT_ENERGY, readAt: new Date(2026, 0, 15, 23, 59, 58).getTime() };
    const after = { ...FLOW_TEMPERATURE, readAt: new Date(2026, 0, 16, 0, 0, 3).getTime() };
    const days = csvRows(METER, [before, after]);
    expect(days.map(({ file, rows }) => [file, rows.map((row) => row.slice(0, 19))])).toEqual([
      ['multical-2026-01-15.csv', ['2026-01-15T23:59:58']],
      ['multical-2026-01-16.csv', ['2026-01-16T00:00:03']],
    ]);
  });
});
