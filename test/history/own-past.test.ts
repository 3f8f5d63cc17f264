import { Big } from 'big.js';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { HistoryAnswers } from '../../src/history/answers.ts';
import { boundariesOf } from '../../src/history/bars.ts';
import { LogStore } from '../../src/history/log-store.ts';
import { HistoryQueries } from '../../src/history/queries.ts';
import { HistoryStore } from '../../src/history/store.ts';
import { METER_ADDRESS } from '../../src/kmp/frame.ts';
import { MeterClient } from '../../src/link/client.ts';
import { Line } from '../../src/link/line.ts';
import { logAccess } from '../../src/link/log-access.ts';
import { newCounters } from '../../src/link/session.ts';
import { lineTiming } from '../../src/link/timing.ts';
import { LogMemory } from '../../src/loggers/log-memory.ts';
import type { LogWalkResult } from '../../src/loggers/log-reading.ts';
import { readLogs } from '../../src/loggers/read-logs.ts';
import type { BarLength } from '../../src/shared/bar-length.ts';
import { SimulatedChannel } from '../../src/simulator/channel.ts';
import { Simulator } from '../../src/simulator/simulator.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const ZONE = 'Europe/Copenhagen';
const HOUSE = { serialNumber: '6655443', name: 'House' };
const NOW = Date.parse('2026-01-15T09:00:00Z');

/** A simulated 603 in Copenhagen, whose log goes into a file. */
async function house() {
  vi.stubEnv('TZ', ZONE);
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  const [clock, logger] = [new FakeClock(NOW), new CollectingLogger()];
  const random = (): number => 0.5;
  const simulator = new Simulator({
    meters: [{ model: '603', serialNumber: Number(HOUSE.serialNumber) }],
    ...{ clock, random, logger },
  });
  const line = new Line({
    name: 'the port',
    makeChannel: () => new SimulatedChannel(simulator),
    timing: lineTiming({ baudRate: 1200, network: false }),
    ...{ clock, random, logger },
  });
  line.start();
  await clock.advance(0);
  const to = { destination: METER_ADDRESS, counters: newCounters() };
  const file = `${temporaryFolder()}/history.db`;
  const store = HistoryStore.open(file);
  onTestFinished(async () => {
    store.close();
    await clock.runUntil(line.stop());
    simulator.stop();
  });
  const pages: number[] = [];
  /** What a program does that is started anew, and is killed after `most` pages. */
  const read = async (most = Number.POSITIVE_INFINITY): Promise<readonly LogWalkResult[]> => {
    const killed = new AbortController();
    const logs = new LogStore(store.database);
    let left = most;
    return clock.runUntil(
      readLogs(
        {
          access: logAccess('logger', to),
          client: new MeterClient(to),
          visit: (use) => line.withSession(use),
          memory: new LogMemory(),
          clock,
        },
        { serialNumber: HOUSE.serialNumber, details: 'heat', timezone: ZONE },
        {
          loggers: ['year', 'month', 'day'],
          known: (logger, registers) => logs.known(HOUSE.serialNumber, logger, registers),
          knownRows: (logger) => logs.rows(HOUSE.serialNumber, logger),
          got: (rows) => {
            pages.push(rows.length);
            logs.add(HOUSE, rows);
            if (--left === 0) killed.abort();
          },
          beganAnew: (logger) => logs.beginAnew(HOUSE.serialNumber, logger),
          signal: killed.signal,
        },
      ),
    );
  };
  const [meter] = simulator.meters;
  if (meter === undefined) throw new Error('No meter');
  /** As its display shows it. */
  const shown = (at: number): Big => new Big(meter.pastTotals(at).heatEnergy).times(3.6e-6).round(3, 0);
  const readNow = (): void =>
    store.add(
      [
        {
          ...HOUSE,
          values: [
            {
              ...{ quantity: 'heat_energy', unit: 'GJ', decimals: 3, isTotal: true },
              ...{ value: shown(NOW).toNumber(), at: NOW },
            },
          ],
        },
      ],
      1e9,
    );
  const bars = (by: BarLength, from: number, until: number) => {
    const boundaries = boundariesOf(by, from, until, ZONE) ?? [];
    const answers = new HistoryAnswers(new HistoryQueries(store.database), () => undefined);
    return answers.consumption(HOUSE.name, 'heat_energy', boundaries) ?? [];
  };
  return { read, shown, readNow, bars, pages, store };
}

describe('a meter’s own past, on the first day', () => {
  it.each([
    ['day', '2024-10-14', 458],
    ['month', '2024-03-01', 22],
  ] as const)('is what it burnt in each %s, to its last digit', async (by, first, count) => {
    const { read, readNow, bars, shown } = await house();
    readNow();
    expect((await read()).map(({ isComplete }) => isComplete)).toEqual([true, true, true]);
    const found = bars(by, Date.parse(`${first}T12:00:00Z`), NOW).slice(0, -1);
    expect(found).toHaveLength(count);
    for (const { from, to, used, source } of found)
      expect([used, source]).toEqual([shown(to).minus(shown(from)).toNumber(), 'log']);
  });

  it('is asked for once, however often the program is killed in the middle of it', async () => {
    const once = await house();
    await once.read();
    const often = await house();
    let runs = 1;
    while ((await often.read(1)).some(({ isComplete }) => !isComplete)) runs++;
    expect(runs).toBeGreaterThan(8);
    expect(often.pages).toEqual(once.pages);
    const rows = (store: HistoryStore) =>
      store.database.prepare('SELECT logger, row, quantity, value, time FROM logged ORDER BY 1, 2, 3').all();
    expect(rows(often.store)).toEqual(rows(once.store));
  });
});
