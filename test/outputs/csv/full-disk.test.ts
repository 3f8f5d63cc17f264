import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { localTime } from '../../../src/shared/zoned-time.ts';
import { energy, NOON } from '../../readings/support/readings.ts';
import { eventually } from '../../support/eventually.ts';
import { canMount, remount, smallDisk } from '../../support/small-disk.ts';
import { METER } from '../support/meter-readings.ts';
import { csvFolder } from './support/csv-folder.ts';

const FILE = `multical-${localTime(NOON).slice(0, 10)}.csv`;
const present = canMount();

describe.skipIf(!present)('a real disk', () => {
  it('that fills up in the middle of a reading keeps nothing of it, and all of it later', async () => {
    const folder = smallDisk(32);
    const file = join(folder, FILE);
    const { output, clock, logger } = csvFolder(folder);
    output.readingTaken(METER, [energy('1.000')]);
    await eventually(() => output.health.delivered === 1);
    const before = readFileSync(file, 'utf8');
    // Pages of 4 kB: one is left, and the reading wants about five.
    writeFileSync(join(folder, 'ballast'), Buffer.alloc(24 * 1024));
    const many = Array.from({ length: 300 }, (_, index) => energy(`${index}.201`));
    output.readingTaken(METER, many);
    await eventually(() => output.health.problem);
    expect(readFileSync(file, 'utf8')).toBe(before);
    expect(output.health).toMatchObject({
      waiting: 300,
      delivered: 1,
      problem: `The disk with ${folder} is full: make room on it`,
    });
    await clock.advance(60_000);
    output.readingTaken(METER, [energy('300.201')]);
    await eventually(() => output.health.waiting === 301);
    expect(readFileSync(file, 'utf8')).toBe(before);

    rmSync(join(folder, 'ballast'));
    await eventually(async () => {
      await clock.advance(300_000);
      return output.health.delivered === 302;
    });
    const rows = readFileSync(file, 'utf8').split('\n');
    expect(rows.slice(2, -1).map((row) => row.split(',')[4])).toEqual(
      [...many, energy('300.201')].map((_, index) => `${index}.201`),
    );
    expect(logger.told).toEqual([
      `error CSV files: The disk with ${folder} is full: make room on it. New values wait in memory.`,
      expect.stringContaining(
        `info CSV files: ${folder} can be written again, and nothing is missing. The trouble`,
      ),
    ]);
  });

  it('that turns read-only makes values wait, and says so', async () => {
    const folder = smallDisk(64);
    const { output } = csvFolder(folder);
    await eventually(() => output.health);
    remount(folder, 'ro');
    output.readingTaken(METER, [energy('1.000')]);
    await eventually(() => output.health.problem?.includes('read-only'));
    remount(folder, 'rw');
    await output.stop();
    expect(output.health).toMatchObject({ waiting: 0, delivered: 1, problem: null });
  });
});
