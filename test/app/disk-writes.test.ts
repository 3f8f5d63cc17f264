import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { StoredMeterMemory } from '../../src/app/memory.ts';
import { StateStore } from '../../src/app/state-store.ts';
import { storeReading } from '../../src/readings/stored-reading.ts';
import type { ModelName } from '../../src/simulator/models/models.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { PolledLine, type PolledLineOptions } from '../support/polled-line.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const HOUR = 3_600_000;
const NIGHT = 3;
/** One of each kind, and those of which the most changes with each reading. */
const METERS: readonly ModelName[] = ['403', '601-gj-x10', '21', 'kwm2231', 'omnipower'];
/** Everything that is made of each reading. */
const EVERYTHING = {
  timezone: 'UTC',
  fineEnergy: true,
  meanTemperatures: true,
  heatEnergyInKwh: true,
  gasEquivalent: 31.6,
} satisfies PolledLineOptions;

interface WrittenFile {
  readonly whole: boolean;
  readonly bytes: number;
}

/** What each reading wrote: one every hour, one of them at night with the details. */
async function written(hours: number, options: PolledLineOptions): Promise<readonly WrittenFile[][]> {
  const folder = temporaryFolder();
  const logger = new CollectingLogger();
  let files: WrittenFile[] = [];
  const disk = new StateStore(folder, logger, (file, text) => {
    files.push({ whole: !file.endsWith('.recent.json'), bytes: Buffer.byteLength(text) });
    writeFileSync(file, text);
  });
  const store = new StoredMeterMemory(disk);
  const home = new PolledLine({ ...EVERYTHING, ...options, store });
  await home.firstReading();
  const readings: WrittenFile[][] = [];
  for (let hour = 0; hour < hours; hour++) {
    await home.clock.advance(HOUR);
    files = [];
    await home.tick(hour % 24 === NIGHT ? 'daily' : 'hourly');
    readings.push(files);
  }
  await home.stop();
  // What was written is all that there is to know.
  const serialNumber = String(home.meter.serialNumber);
  const restarted = new StoredMeterMemory(new StateStore(folder, logger));
  expect(restarted.recall(serialNumber)).toEqual(store.recall(serialNumber));
  expect(restarted.recall(serialNumber)?.latest.map(storeReading)).toEqual(
    home.meter.status.latest.map(storeReading),
  );
  expect(logger.lines).toEqual([]);
  return readings;
}

describe('for the sake of SD cards, a reading', () => {
  it.each(METERS)('of a %s is one small file, and seldom one that holds everything', async (model) => {
    const readings = await written(50, { meters: [{ model }] });
    expect(Math.max(...readings.map(({ length }) => length))).toBe(1);
    const small = readings.flat().filter(({ whole }) => !whole);
    expect(Math.max(...small.map(({ bytes }) => bytes))).toBeLessThanOrEqual(3_000);
    // In the first hours, and with the details and the new day of each of the two nights.
    expect(readings.length - small.length).toBeLessThanOrEqual(5);
  });

  it('that is counted ahead, because the day has a limit, is two small files', async () => {
    const readings = await written(10, { meters: [{ model: '403' }], maxReadingsPerDay: 100 });
    expect(readings.map(({ length }) => length)).toEqual(readings.map(() => 2));
  });
});
