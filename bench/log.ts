import { MeterClient } from '../src/link/client.ts';
import { logAccess } from '../src/link/log-access.ts';
import { MeterSession, newCounters } from '../src/link/session.ts';
import { lineTiming } from '../src/link/timing.ts';
import { LogMemory } from '../src/loggers/log-memory.ts';
import type { LoggedRow } from '../src/loggers/logged-row.ts';
import { readLogs } from '../src/loggers/read-logs.ts';
import { systemClock } from '../src/shared/clock.ts';
import { channelFactory } from '../src/transport/open.ts';
import type { Figure } from './figure.ts';
import { silentLogger, simulatedMeter } from './simulated-meter.ts';

const BAUD_RATE = 1200;
const BITS_PER_BYTE = 11;
const DAYS = 460;
const SECOND = 1000;

/** All days of a meter, at line speed, compared with the time that their bytes take on the wire. */
export async function log(): Promise<Figure[]> {
  const meter = await simulatedMeter(BAUD_RATE, '603');
  const channel = channelFactory(meter.port, BAUD_RATE)();
  const timing = lineTiming({ baudRate: BAUD_RATE, network: true });
  const session = new MeterSession(channel, timing, systemClock, silentLogger);
  const counters = newCounters();
  const addressee = { destination: 0x3f, counters };
  await channel.open();
  const rows: LoggedRow[] = [];
  const begin = performance.now();
  const results = await readLogs(
    {
      access: logAccess('logger', addressee),
      client: new MeterClient(addressee),
      visit: (use) => use(session),
      memory: new LogMemory(),
      clock: systemClock,
    },
    { serialNumber: undefined, details: 'heat', timezone: '' },
    { loggers: ['day'], known: () => [], got: (page) => rows.push(...page) },
  );
  const took = performance.now() - begin;
  await channel.close();
  await meter.close();
  const [result] = results;
  if (result?.isComplete !== true || rows.length !== DAYS)
    throw new Error(`${rows.length} rows of ${DAYS}: ${result?.reason}`);
  const bytes = counters.bytesSent + counters.bytesReceived;
  const wire = (bytes * BITS_PER_BYTE * SECOND) / BAUD_RATE;
  return [
    { name: `${DAYS} days of a log`, value: took / SECOND, unit: 's' },
    { name: `${DAYS} days / wire limit`, value: took / wire, unit: '', atMost: 1.05 },
    { name: `${DAYS} days, bytes`, value: bytes, unit: '' },
    { name: `${DAYS} days, requests`, value: counters.transactions, unit: '' },
    { name: `${DAYS} days, wake-ups`, value: counters.wakeUps, unit: '' },
  ];
}
