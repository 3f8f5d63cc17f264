import { afterEach, beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { openHistory } from '../../src/history/file.ts';
import { LogStore } from '../../src/history/log-store.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { PolledLine } from '../support/polled-line.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const DAY = 86_400_000;
const HOUSE = { serialNumber: '6655443', name: 'House' };

beforeEach(() => {
  // A simulated meter's clock goes by it.
  vi.stubEnv('TZ', 'Europe/Copenhagen');
});
afterEach(() => {
  vi.unstubAllEnvs();
});

it('a meter is asked for no row that the file has, and for more registers of a row where somebody wants them', async () => {
  const history = openHistory(`${temporaryFolder()}/history.db`, new CollectingLogger());
  const logs = new LogStore(history.database);
  const polled = new PolledLine({
    meters: [{ model: '603', serialNumber: 6655443 }],
    ...{ detailSchedule: 'never', timezone: 'Europe/Copenhagen', now: Date.UTC(2026, 0, 15, 12, 10) },
  });
  onTestFinished(async () => {
    await polled.stop();
    history.close();
  });
  await polled.firstReading();
  const read = (wanted: 'main' | readonly number[] = 'main') =>
    polled.clock.runUntil(
      polled.meter.readLog({
        loggers: ['year', 'month', 'day', 'hour'],
        known: (logger, registers) => logs.known(HOUSE.serialNumber, logger, registers),
        knownRows: (logger) => logs.rows(HOUSE.serialNumber, logger),
        got: (rows) => logs.add(HOUSE, rows),
        beganAnew: (logger) => logs.beginAnew(HOUSE.serialNumber, logger),
        wanted,
      }),
    );
  const rows = async (...of: Parameters<typeof read>) => (await read(...of)).map((each) => each.rows);
  expect(await rows()).toEqual([2, 24, 460, 72]);
  expect(await rows()).toEqual([0, 0, 0, 0]);
  await polled.clock.advance(DAY);
  expect(await rows()).toEqual([0, 0, 1, 24]);
  expect(await rows([60, 97])).toEqual([2, 24, 460, 72]);
  // The ring has dropped the first one since.
  const [, second] = logs.rows(HOUSE.serialNumber, 'day');
  expect(second?.values.map(({ register }) => register)).toEqual([60, 68, 97, 379, 380]);
  expect(logs.rows(HOUSE.serialNumber, 'day').every(({ endedAt }) => endedAt !== null)).toBe(true);
});
