import { describe, expect, it } from 'vitest';
import { logCost, logCostText } from '../../src/loggers/log-cost.ts';

const DAYS = { dialect: 'logger', logger: 'day', registers: [1003, 60, 68, 379, 380] } as const;

describe('the cost of reading a log, in advance', () => {
  it('of 460 days is a minute and a half of line time', () => {
    const cost = logCost([{ ...DAYS, rows: 460 }]);
    expect(cost.bytes).toBeGreaterThan(460 * 16);
    expect(cost.lineTime).toBeGreaterThan((cost.bytes * 11_000) / 1200);
    // Its pages are longer than the window in which it hears the next request without being woken.
    expect(cost.wakeUps).toBeGreaterThan(20);
    expect(logCost([{ ...DAYS, rows: 3 }]).wakeUps).toBe(1);
    expect(logCostText(cost)).toMatch(
      /^about 1\d\.\d kB in \d+ requests, which keeps the meter awake for \d+ seconds$/,
    );
  });

  it('grows with rows and registers, and shrinks with a faster line', () => {
    const of = (rows: number, registers: readonly number[], baudRate?: number) =>
      logCost([{ ...DAYS, rows, registers }], baudRate);
    expect(of(100, [1003, 60]).bytes).toBeLessThan(of(100, [1003, 60, 68]).bytes);
    expect(of(100, [1003, 60]).bytes).toBeLessThan(of(200, [1003, 60]).bytes);
    expect(of(100, [1003, 60], 9600).lineTime).toBeLessThan(of(100, [1003, 60]).lineTime / 4);
    expect(logCostText(of(1, [1003, 60]))).toMatch(
      /^about \d+ bytes in 5 requests, which keeps the meter awake for \d seconds/,
    );
  });

  it('is nothing where all is known', () => {
    expect(logCostText(logCost([{ ...DAYS, rows: 0 }]))).toBe('nothing: all of it is known');
  });
});
