import { describe, expect, it } from 'vitest';
import { type LogCost, logCost } from '../../src/loggers/log-cost.ts';
import { expectedRegisters } from '../../src/loggers/log-registers.ts';
import { readSimulated } from './support/simulated-log.ts';

function expectToBeSaid({ requests, bytes, lineTime }: LogCost, was: Omit<LogCost, 'wakeUps'>): void {
  for (const [said, real] of [
    [requests, was.requests],
    [bytes, was.bytes],
    [lineTime, was.lineTime],
  ] as const)
    expect([said, real, Math.abs(said / real - 1) < 0.15]).toEqual([said, real, true]);
}

/** The loggers of a 603 whose buffer holds as little as is thought of one that nobody has seen. */
const X3 = { model: '603', logReplyBytes: 256 } as const;

describe('the cost that is said before a log is read', () => {
  it.each([
    [X3, 'logger', 'year'],
    [X3, 'logger', 'month'],
    [X3, 'logger', 'day'],
    [X3, 'logger', 'hour'],
    [X3, 'logger', 'minute-1'],
    [{ model: '601' }, 'interval-log', 'interval'],
    [{ model: '801' }, 'interval-log', 'interval'],
  ] as const)('is about what it was: %j, %s, %s', async (meter, dialect, logger) => {
    const { asked, totals, was } = await readSimulated(meter, dialect, [logger]);
    expectToBeSaid(logCost(asked), was);
    // The same before the logger has said what it keeps.
    expect(asked[0]?.registers).toEqual(expectedRegisters(dialect, logger, totals));
  });

  it.each([
    [X3, 'logger', 'day'],
    [X3, 'logger', 'month'],
    [{ model: '601' }, 'interval-log', 'interval'],
  ] as const)('of all that is in it, too: %j, %s, %s', async (meter, dialect, logger) => {
    const { asked, was } = await readSimulated(meter, dialect, [logger], { wanted: 'all' });
    expectToBeSaid(logCost(asked), was);
  });

  it('of several loggers is that of one contact', async () => {
    const { asked, was } = await readSimulated(X3, 'logger', ['day', 'hour', 'month', 'year']);
    expect(asked.map(({ logger }) => logger)).toEqual(['day', 'hour', 'month', 'year']);
    expectToBeSaid(logCost(asked), was);
  });

  it('is more than it was where a meter sends longer replies', async () => {
    const { asked, was } = await readSimulated({ model: '603' }, 'logger', ['day']);
    const { bytes, requests } = logCost(asked);
    expect([bytes > was.bytes, requests > was.requests]).toEqual([true, true]);
  });
});
