import { describe, expect, it, onTestFinished } from 'vitest';
import type { LoggerName } from '../../src/catalogue/loggers.ts';
import type { LogDialect } from '../../src/catalogue/logs.ts';
import { MeterClient } from '../../src/link/client.ts';
import { Line } from '../../src/link/line.ts';
import { logAccess } from '../../src/link/log-access.ts';
import { newCounters } from '../../src/link/session.ts';
import { lineTiming } from '../../src/link/timing.ts';
import { type LogCost, logCost } from '../../src/loggers/log-cost.ts';
import { LogMemory } from '../../src/loggers/log-memory.ts';
import type { AskedLog, LogReading } from '../../src/loggers/log-reading.ts';
import { expectedRegisters } from '../../src/loggers/log-registers.ts';
import type { LoggedValue } from '../../src/loggers/logged-row.ts';
import { readLogs } from '../../src/loggers/read-logs.ts';
import { SimulatedChannel } from '../../src/simulator/channel.ts';
import type { SimulatedMeterOptions } from '../../src/simulator/options.ts';
import { Simulator } from '../../src/simulator/simulator.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { FakeClock } from '../support/fake-clock.ts';

/** Of each logger, what was said before its rows were asked for, and what it was. */
async function read(
  meter: Pick<SimulatedMeterOptions, 'model' | 'logReplyBytes'>,
  dialect: LogDialect,
  loggers: readonly LoggerName[],
  more: Partial<LogReading> = {},
) {
  const [clock, logger] = [new FakeClock(), new CollectingLogger()];
  const parts = { clock, random: () => 0.5, logger };
  const simulator = new Simulator({ meters: [{ serialNumber: 6655443, ...meter }], ...parts });
  const line = new Line({
    name: 'the port',
    makeChannel: () => new SimulatedChannel(simulator),
    timing: lineTiming({ baudRate: 1200, network: false }),
    ...parts,
  });
  line.start();
  await clock.advance(0);
  onTestFinished(async () => {
    await clock.runUntil(line.stop());
    simulator.stop();
  });
  const counters = newCounters();
  const addressee = { destination: 0x3f, counters };
  const asked: AskedLog[] = [];
  let totals: readonly LoggedValue[] = [];
  const begin = clock.monotonic();
  await clock.runUntil(
    readLogs(
      {
        ...{ access: logAccess(dialect, addressee), client: new MeterClient(addressee) },
        ...{ visit: (use) => line.withSession(use), memory: new LogMemory(), clock },
      },
      { serialNumber: undefined, details: 'heat', timezone: 'Europe/Copenhagen' },
      {
        ...{ loggers, known: () => [], got: () => {}, ...more },
        looked: (counted) => {
          totals = counted;
        },
        asking: (log) => asked.push(log),
      },
    ),
  );
  const was = {
    requests: simulator.statistics.requests,
    bytes: counters.bytesSent + counters.bytesReceived,
    lineTime: clock.monotonic() - begin,
  };
  return { asked, totals, was };
}

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
    const { asked, totals, was } = await read(meter, dialect, [logger]);
    expectToBeSaid(logCost(asked), was);
    // The same before the logger has said what it keeps.
    expect(asked[0]?.registers).toEqual(expectedRegisters(dialect, logger, totals));
  });

  it.each([
    [X3, 'logger', 'day'],
    [X3, 'logger', 'month'],
    [{ model: '601' }, 'interval-log', 'interval'],
  ] as const)('of all that is in it, too: %j, %s, %s', async (meter, dialect, logger) => {
    const { asked, was } = await read(meter, dialect, [logger], { wanted: 'all' });
    expectToBeSaid(logCost(asked), was);
  });

  it('of several loggers is that of one contact', async () => {
    const { asked, was } = await read(X3, 'logger', ['day', 'hour', 'month', 'year']);
    expect(asked.map(({ logger }) => logger)).toEqual(['day', 'hour', 'month', 'year']);
    expectToBeSaid(logCost(asked), was);
  });

  it('is more than it was where a meter sends longer replies', async () => {
    const { asked, was } = await read({ model: '603' }, 'logger', ['day']);
    const { bytes, requests } = logCost(asked);
    expect([bytes > was.bytes, requests > was.requests]).toEqual([true, true]);
  });
});
