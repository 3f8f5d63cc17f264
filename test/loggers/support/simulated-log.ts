import { onTestFinished } from 'vitest';
import type { LogDialect, LoggerName } from '../../../src/catalogue/loggers.ts';
import { MeterClient } from '../../../src/link/client.ts';
import { Line } from '../../../src/link/line.ts';
import { logAccess } from '../../../src/link/log-access.ts';
import { newCounters } from '../../../src/link/session.ts';
import { lineTiming } from '../../../src/link/timing.ts';
import { LogMemory } from '../../../src/loggers/log-memory.ts';
import type { AskedLog, LogReading } from '../../../src/loggers/log-reading.ts';
import type { LoggedRow, LoggedValue } from '../../../src/loggers/logged-row.ts';
import { readLogs } from '../../../src/loggers/read-logs.ts';
import { SimulatedChannel } from '../../../src/simulator/channel.ts';
import type { SimulatedMeterOptions } from '../../../src/simulator/options.ts';
import { Simulator } from '../../../src/simulator/simulator.ts';
import { CollectingLogger } from '../../support/collecting-logger.ts';
import { FakeClock } from '../../support/fake-clock.ts';

/** Reads logs of a simulated meter: what was said before rows were asked for, what came, and what it cost. */
export async function readSimulated(
  meter: Pick<SimulatedMeterOptions, 'model'> & Partial<SimulatedMeterOptions>,
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
  const rows: LoggedRow[] = [];
  let totals: readonly LoggedValue[] = [];
  const begin = clock.monotonic();
  const results = await clock.runUntil(
    readLogs(
      {
        ...{ access: logAccess(dialect, addressee), client: new MeterClient(addressee) },
        ...{ visit: (use) => line.withSession(use), memory: new LogMemory(), clock },
      },
      { serialNumber: undefined, details: 'heat', timezone: 'Europe/Copenhagen' },
      {
        ...{ loggers, known: () => [], got: (page) => rows.push(...page), ...more },
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
  /** Numbers of the rows that came over the line, each as often as it came. */
  const sent = simulator.statistics.logged.flatMap(({ ids }) => ids);
  return { asked, totals, was, sent, rows, results, now: clock.now() };
}
