import { describe, expect, onTestFinished, test } from 'vitest';
import { MeterClient, type RegisterBatch } from '../../src/link/client.ts';
import { Line } from '../../src/link/line.ts';
import { newCounters } from '../../src/link/session.ts';
import { lineTiming } from '../../src/link/timing.ts';
import { SimulatedChannel } from '../../src/simulator/channel.ts';
import type { LineFault } from '../../src/simulator/faults.ts';
import { Simulator } from '../../src/simulator/simulator.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { FakeClock } from '../support/fake-clock.ts';

const THE_EIGHT = [60, 68, 74, 80, 86, 87, 89, 99];
const MANY = Array.from({ length: 40 }, (_, index) => 60 + index);

/** A client on an open line to a simulated 403. */
async function meter(...faults: LineFault[]) {
  const [clock, logger, counters] = [new FakeClock(), new CollectingLogger(), newCounters()];
  const random = (): number => 0.5;
  const simulator = new Simulator({ meters: [{ model: '403' }], faults, clock, random, logger });
  const line = new Line({
    name: 'the port',
    makeChannel: () => new SimulatedChannel(simulator),
    timing: lineTiming({ baudRate: 1200, network: false }),
    clock,
    random,
    logger,
  });
  line.start();
  await clock.advance(0);
  onTestFinished(async () => {
    await line.stop();
    simulator.stop();
    expect(clock.pendingTimers).toBe(0);
  });
  const client = new MeterClient({ destination: 0x3f, counters });
  const read = (ids: readonly number[]): Promise<RegisterBatch[]> =>
    clock.runUntil(
      line.withSession(async (session) => {
        const batches: RegisterBatch[] = [];
        for await (const batch of client.registers(session, ids)) batches.push(batch);
        return batches;
      }),
    );
  return { clock, counters, read, simulator };
}

describe('a simulated meter', () => {
  test('is read at line speed: eight registers take what their bytes take, and the turnaround', async () => {
    const { clock, counters, read } = await meter();
    const [batch] = await read(THE_EIGHT);
    const byteTime = 11_000 / 1_200;
    const bytes = counters.bytesSent + counters.bytesReceived;
    expect(batch?.records).toHaveLength(8);
    expect(clock.monotonic()).toBeCloseTo(bytes * byteTime + 20, 3);
  });

  test('is woken once, however many registers are read; both sides count the same', async () => {
    const { counters, read, simulator } = await meter();
    expect(await read(MANY)).toHaveLength(5);
    expect(counters).toMatchObject({ transactions: 5, wakeUps: 1, retries: 0 });
    expect(simulator.statistics).toMatchObject({ requests: 5, wakeUps: 1, badRequests: 0 });
    expect(simulator.statistics.bytesIn).toBe(counters.bytesSent);
    expect(simulator.statistics.bytesOut).toBe(counters.bytesReceived);
  });

  test('is woken again for each reading that comes later', async () => {
    const { clock, counters, read, simulator } = await meter();
    for (const _ of [1, 2, 3]) {
      await read(THE_EIGHT);
      await clock.advance(3_600_000);
    }
    expect(counters.wakeUps).toBe(3);
    expect(simulator.statistics.wakeUps).toBe(3);
  });
});

describe('a reading gets through', () => {
  test.each<[string, LineFault]>([
    ['an echo', { name: 'echo' }],
    ['noise around each reply', { name: 'noise' }],
    ['a lone zero before each reply', { name: 'spurious-zero' }],
    ['two silences', { name: 'silence', count: 2 }],
    ['two wrong checksums', { name: 'checksum', count: 2 }],
    ['two truncated replies', { name: 'truncation', count: 2 }],
    ['a late reply', { name: 'late', count: 1 }],
    ['two replies to other requests', { name: 'foreign-reply', count: 2 }],
  ])('%s', async (_, fault) => {
    const { read, simulator } = await meter(fault);
    const batches = await read([60, 1001]);
    const records = batches.flatMap((batch) => batch.records);
    expect(records.map(({ id }) => id)).toEqual([60, 1001]);
    expect(simulator.statistics.ignoredRequests).toBe(0);
  });
});

test('after a late reply the next answer is the one to the next question', async () => {
  const { read } = await meter({ name: 'late', count: 1 });
  await read([60]);
  const [batch] = await read([86]);
  expect(batch?.records.map(({ id }) => id)).toEqual([86]);
});
