import { describe, expect, it } from 'vitest';
import { csvLine } from '../../../src/outputs/csv/rows.ts';

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
