import { describe, expect, it, onTestFinished } from 'vitest';
import { MeterClient } from '../../src/link/client.ts';
import { Line } from '../../src/link/line.ts';
import { newCounters } from '../../src/link/session.ts';
import { lineTiming } from '../../src/link/timing.ts';
import { LogMemory } from '../../src/loggers/log-memory.ts';
import type { LogWalkResult } from '../../src/loggers/log-reading.ts';
import type { LoggedRow } from '../../src/loggers/logged-row.ts';
import { readLogs } from '../../src/loggers/read-logs.ts';
import { Multical2MqttError } from '../../src/shared/errors.ts';
import { SimulatedChannel } from '../../src/simulator/channel.ts';
import { parseFault } from '../../src/simulator/faults.ts';
import { Simulator } from '../../src/simulator/simulator.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { KeptLog } from './support/kept-log.ts';
import { dateRecord, energyRecord, logRow } from './support/rows.ts';

const ROWS = [
  logRow(7, dateRecord('2026-01-15'), energyRecord(2)),
  logRow(6, dateRecord('2026-01-14'), energyRecord(1)),
];

/** A simulated 603, and what somebody else says of its log. */
async function meter(now?: number) {
  const [clock, logger] = [new FakeClock(now), new CollectingLogger()];
  const random = (): number => 0.5;
  const simulator = new Simulator({
    meters: [{ model: '603', serialNumber: 6655443 }],
    clock,
    random,
    logger,
  });
  const line = new Line({
    name: 'the port',
    makeChannel: () => new SimulatedChannel(simulator),
    timing: lineTiming({ baudRate: 1200, network: false }),
    ...{ clock, random, logger },
  });
  line.start();
  await clock.advance(0);
  onTestFinished(async () => {
    await clock.runUntil(line.stop());
    simulator.stop();
  });
  const access = new KeptLog({ rows: ROWS, registers: [60, 1003] });
  const client = new MeterClient({ destination: 0x3f, counters: newCounters() });
  const got: LoggedRow[] = [];
  const read = (serialNumber?: string): Promise<readonly LogWalkResult[]> =>
    clock.runUntil(
      readLogs(
        { access, client, visit: (use) => line.withSession(use), memory: new LogMemory(), clock },
        { serialNumber, details: 'heat', timezone: 'Europe/Copenhagen' },
        { loggers: ['day', 'month'], known: () => [], got: (rows) => got.push(...rows) },
      ),
    );
  return { access, got, read, simulator };
}

describe('reading the logs of a meter', () => {
  it('reads one after the other', async () => {
    const { read, got } = await meter();
    expect(await read('6655443')).toMatchObject([
      { logger: 'day', rows: 2, isComplete: true },
      { logger: 'month', rows: 2, isComplete: true },
    ]);
    expect(got.map(({ logger, id }) => `${logger} ${id}`)).toEqual(['day 7', 'day 6', 'month 7', 'month 6']);
  });

  it('takes nothing from another meter', async () => {
    const { read, got } = await meter();
    const [result] = await read('99');
    expect(result).toMatchObject({ rows: 0, isComplete: false });
    expect(result?.reason).toBe(
      'Meter 6655443 answers where meter 99 was: its log is read after its first reading.',
    );
    expect(got).toEqual([]);
  });

  it('waits until the computer knows what time it is', async () => {
    const { read, simulator } = await meter(5_000);
    expect((await read())[0]?.reason).toMatch(/clock of the computer is not set/);
    expect(simulator.statistics.requests).toBe(0);
  });

  it('ends where the meter is not heard, and says so of each', async () => {
    const { read, simulator } = await meter();
    simulator.setFaults([parseFault('silence')]);
    const results = await read();
    expect(results.map(({ isComplete }) => isComplete)).toEqual([false, false]);
    expect(results[1]?.reason).toMatch(/did not answer 3 requests/);
  });

  it('goes on with the next log where only one is in trouble', async () => {
    const { access, read } = await meter();
    access.before = (page) => {
      if (page === 1) throw new Multical2MqttError('failed', 'The meter says that its day log is damaged');
    };
    expect(await read()).toMatchObject([
      { logger: 'day', isComplete: false, reason: 'The meter says that its day log is damaged.' },
      { logger: 'month', rows: 2, isComplete: true },
    ]);
  });

  it('asks for shorter pages where long ones do not come through', async () => {
    const { access, read } = await meter();
    access.kept = Array.from({ length: 30 }, (_, back) => {
      const date = new Date(Date.UTC(2026, 0, 15 - back)).toISOString().slice(0, 10);
      return logRow(100 - back, dateRecord(date), energyRecord(100 - back));
    });
    access.through = (page) => {
      if (page.rows.length > 8) throw new Multical2MqttError('no-answer', 'The meter did not answer');
      return page;
    };
    expect((await read())[0]).toMatchObject({ rows: 30, isComplete: true });
  });

  it('does not hide what is wrong with this program', async () => {
    const { access, read } = await meter();
    access.before = () => {
      throw new TypeError('no such thing');
    };
    await expect(read()).rejects.toThrow('no such thing');
  });
});
