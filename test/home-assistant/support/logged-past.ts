import type { LoggerName } from '../../../src/catalogue/loggers.ts';
import { METER_ADDRESS } from '../../../src/kmp/frame.ts';
import { MeterClient } from '../../../src/link/client.ts';
import { Line } from '../../../src/link/line.ts';
import { logAccess } from '../../../src/link/log-access.ts';
import { newCounters } from '../../../src/link/session.ts';
import { lineTiming } from '../../../src/link/timing.ts';
import { LogMemory } from '../../../src/loggers/log-memory.ts';
import type { LoggedRow } from '../../../src/loggers/logged-row.ts';
import { readLogs } from '../../../src/loggers/read-logs.ts';
import { systemClock } from '../../../src/shared/clock.ts';
import { SimulatedChannel } from '../../../src/simulator/channel.ts';
import type { LoggedHistory } from '../../../src/statistics/points.ts';
import { CollectingLogger } from '../../support/collecting-logger.ts';
import { BAUD_RATE, type Meter } from './meter.ts';

/** All that a simulated meter has written down, read as the bridge does it, before anybody else is on its line. */
export async function loggedPast(
  { simulator, serial }: Meter,
  name: string,
  timezone: string,
  loggers: readonly LoggerName[] = ['day', 'hour'],
): Promise<LoggedHistory> {
  const line = new Line({
    name,
    makeChannel: () => new SimulatedChannel(simulator),
    timing: lineTiming({ baudRate: BAUD_RATE, network: false }),
    clock: systemClock,
    random: () => 0.5,
    logger: new CollectingLogger(),
  });
  line.start();
  const to = { destination: METER_ADDRESS, counters: newCounters() };
  const rows: LoggedRow[] = [];
  const of = (logger: LoggerName): readonly LoggedRow[] =>
    rows.filter((row) => row.logger === logger).sort((one, other) => one.id - other.id);
  const results = await readLogs(
    {
      access: logAccess('logger', to),
      client: new MeterClient(to),
      visit: (use) => line.withSession(use),
      memory: new LogMemory(),
      clock: systemClock,
    },
    { serialNumber: serial, details: 'heat', timezone },
    { loggers, known: () => [], knownRows: of, got: (page) => rows.push(...page), beganAnew: () => {} },
  );
  await line.stop();
  const failed = results.find(({ isComplete }) => !isComplete);
  if (failed !== undefined) throw new Error(`${failed.logger}: ${failed.reason}`);
  return { serialNumber: serial, name, timezone, rows: of };
}
