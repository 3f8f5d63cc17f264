import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { diskProblem } from '../../../src/outputs/csv/output.ts';
import type { Reading } from '../../../src/readings/reading.ts';
import { localTime } from '../../../src/shared/zoned-time.ts';
import { energy, NOON, number, reading } from '../../readings/support/readings.ts';
import { eventually } from '../../support/eventually.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { METER } from '../support/meter-readings.ts';
import { csvFolder } from './support/csv-folder.ts';

describe('csv output', () => {
  const HEADER = 'time,serial_number,name,quantity,value,unit';
  const CABIN = { ...METER, serialNumber: '42', name: 'Cabin, "old"' };
  const FAR_DAY = 24 * 30;

  /** As many readings as there are numbers. */
  function amounts(count: number): Reading[] {
    return Array.from({ length: count }, (_, index) => energy(`${index}.000`));
  }

  function lines(file: string): string[] {
    return readFileSync(file, 'utf8').split('\n');
  }

  const TODAY = `multical-${localTime(NOON).slice(0, 10)}.csv`;

  describe('CSV files', () => {
    it('have a header, and a row for each value that a reading brought', async () => {
      const folder = join(temporaryFolder(), 'made', 'by us');
      const { output } = csvFolder(folder);
      const fresh = [
        energy('65.200'),
        reading(86, { kind: 'unknown', value: null, decimals: 2, cause: 'no sensor' }, '°C'),
        reading(127, { kind: 'date', value: null }, ''),
        reading(99, number('0'), ''),
      ];
      output.readingTaken(METER, fresh);
      await output.stop();
      const at = localTime(NOON);
      expect(lines(join(folder, TODAY))).toEqual([
        HEADER,
        `${at},6655443,Fjernvarme Kælder,heat_energy,65.200,GJ`,
        `${at},6655443,Fjernvarme Kælder,info_code,0,`,
        '',
      ]);
      expect(output.health).toEqual({
        waiting: 0,
        delivered: 2,
        refused: 0,
        lost: 0,
        lastDelivery: Date.UTC(2026, 0, 15, 9, 30),
        problem: null,
      });
    });

    it('hold several meters in the order of their readings, with one header', async () => {
      const folder = temporaryFolder();
      const { output } = csvFolder(folder);
      for (const [meter, value] of [
        [METER, '1.0'],
        [CABIN, '2.0'],
        [METER, '3.0'],
      ] as const)
        output.readingTaken(meter, [energy(value)]);
      await output.stop();
      const second = csvFolder(folder);
      second.output.readingTaken(CABIN, [energy('4.0')]);
      await second.output.stop();
      const rows = lines(join(folder, TODAY)).map((row) => row.replace(/^[^,]+T[^,]+,/, ''));
      expect(rows).toEqual([
        HEADER,
        '6655443,Fjernvarme Kælder,heat_energy,1.0,GJ',
        '42,"Cabin, ""old""",heat_energy,2.0,GJ',
        '6655443,Fjernvarme Kælder,heat_energy,3.0,GJ',
        '42,"Cabin, ""old""",heat_energy,4.0,GJ',
        '',
      ]);
    });

    it('are one a day', async () => {
      const folder = temporaryFolder();
      const { output } = csvFolder(folder);
      output.readingTaken(METER, [energy('1.0'), energy('2.0', 24)]);
      await output.stop();
      const tomorrow = `multical-${localTime(NOON + 86_400_000).slice(0, 10)}.csv`;
      expect(readdirSync(folder).sort()).toEqual([TODAY, tomorrow]);
      for (const [file, value] of [
        [TODAY, '1.0'],
        [tomorrow, '2.0'],
      ] as const) {
        const [header, row, end] = lines(join(folder, file));
        expect([header, row?.split(',')[4], end]).toEqual([HEADER, value, '']);
      }
    });

    it.each<[name: string, found: string, left: string]>([
      [
        'a row that was cut short',
        `${HEADER}\na,b,c,d,65.201,GJ\na,b,c,d,65.2`,
        `${HEADER}\na,b,c,d,65.201,GJ\n`,
      ],
      ['the zeros after a power failure', `${HEADER}\na\n\0\0\0\0`, `${HEADER}\na\n`],
      ['a header that was cut short', 'time,seri', ''],
      ['a long row that was cut short', `${HEADER}\n${'x'.repeat(200_000)}`, `${HEADER}\n`],
    ])('lose %s when we start', async (_, found, left) => {
      const folder = temporaryFolder({
        'multical-2026-01-01.csv': 'old,torn',
        'multical-2026-01-14.csv': found,
      });
      const { logger } = csvFolder(folder);
      const file = join(folder, 'multical-2026-01-14.csv');
      await eventually(() => logger.matching(/cut off/).length > 0);
      expect(readFileSync(file, 'utf8')).toBe(left);
      expect(logger.all).toEqual([
        `warn ${file} ended in the middle of a line, as after a power failure: that line is cut off`,
      ]);
    });

    it('stay as they are where they end well, and other files in any case', async () => {
      const files = { [TODAY]: `${HEADER}\na\n`, 'multical-mine.csv': 'torn', 'zzz.csv': 'torn' };
      const folder = temporaryFolder(files);
      const { output, logger } = csvFolder(folder);
      output.readingTaken(METER, [energy('1.0')]);
      await output.stop();
      expect(lines(join(folder, TODAY)).slice(0, 2)).toEqual([HEADER, 'a']);
      expect(lines(join(folder, TODAY))).toHaveLength(4);
      expect(readFileSync(join(folder, 'zzz.csv'), 'utf8')).toBe('torn');
      expect(logger.all).toEqual([]);
    });

    it('lose a torn row of an older day before more is written to it', async () => {
      const folder = temporaryFolder({
        [TODAY]: `${HEADER}\na,torn`,
        'multical-2027-01-01.csv': `${HEADER}\n`,
      });
      const { output } = csvFolder(folder);
      output.readingTaken(METER, [energy('1.0')]);
      await output.stop();
      expect(lines(join(folder, TODAY))[1]).toContain('heat_energy,1.0,GJ');
    });

    it('are begun anew where somebody took them away', async () => {
      const folder = temporaryFolder();
      const { output } = csvFolder(folder);
      output.readingTaken(METER, [energy('1.0')]);
      await eventually(() => output.health.delivered === 1);
      renameSync(join(folder, TODAY), join(folder, 'taken.csv'));
      output.readingTaken(METER, [energy('2.0')]);
      await output.stop();
      expect(lines(join(folder, TODAY))).toHaveLength(3);
    });
  });

  describe('where the folder cannot be', () => {
    const inTheWay = (): string => join(temporaryFolder({ file: '' }), 'file');

    it('values wait, the log says so once, and they are written when it can', async () => {
      const folder = inTheWay();
      const { output, clock, logger } = csvFolder(folder);
      await eventually(() => output.health.problem !== null);
      output.readingTaken(METER, [energy('1.0')]);
      output.readingTaken(METER, [energy('2.0')]);
      await clock.advance(60_000);
      await eventually(() => output.health.waiting === 2);
      const problem = `${folder} cannot be a folder, because there is a file in its way: name another one in csv.directory`;
      expect(output.health).toMatchObject({ delivered: 0, lost: 0, problem, lastDelivery: null });
      rmSync(folder);
      await eventually(async () => {
        await clock.advance(300_000);
        return output.health.delivered === 2;
      });
      expect(lines(join(folder, TODAY))).toHaveLength(4);
      expect(output.health).toMatchObject({ waiting: 0, problem: null });
      expect([logger.told.at(0), logger.told.at(-1)]).toEqual([
        `error CSV files: ${problem}. New values wait in memory.`,
        expect.stringContaining(
          `info CSV files: ${folder} can be written again, and nothing is missing. The trouble lasted`,
        ),
      ]);
      expect(clock.pendingTimers).toBe(0);
    });

    it('the next reading is a reason to try again', async () => {
      const folder = inTheWay();
      const { output } = csvFolder(folder);
      await eventually(() => output.health.problem !== null);
      rmSync(folder);
      output.readingTaken(METER, [energy('1.0')]);
      await eventually(() => output.health.delivered === 1);
      expect(output.health.problem).toBeNull();
    });

    it('the oldest values are given up when too many wait', async () => {
      const folder = inTheWay();
      const { output, logger } = csvFolder(folder);
      for (let count = 0; count < 6; count++) output.readingTaken(METER, amounts(2_000));
      output.readingTaken(METER, [energy('7.777', FAR_DAY)]);
      await eventually(() => output.health.problem !== null && output.health.waiting === 10_000);
      expect(output.health.lost).toBe(2_001);
      rmSync(folder);
      await output.stop();
      const rows = lines(join(folder, TODAY));
      expect(rows).toHaveLength(1 + 9_999 + 1);
      expect(rows[1]).toContain(',1.000,');
      expect(readdirSync(folder)).toHaveLength(2);
      expect(logger.all.at(-1)).toBe(
        `warn CSV files: ${folder} can be written again, but the oldest 2001 values were too many to wait. The trouble lasted 0 s.`,
      );
    });

    it('stopping ends at once, says what is lost and leaves nothing behind', async () => {
      const folder = inTheWay();
      const { output, clock, logger } = csvFolder(folder);
      output.readingTaken(METER, [energy('1.0')]);
      await output.stop();
      expect(logger.all.at(-1)).toBe(
        `warn 1 value could not be written to ${folder}, and will be missing there`,
      );
      expect(clock.pendingTimers).toBe(0);
      output.readingTaken(METER, [energy('2.0')]);
      rmSync(folder);
      await clock.advance(600_000);
      expect(existsSync(folder)).toBe(false);
    });

    it('one that is taken away later is made again', async () => {
      const folder = join(temporaryFolder(), 'csv');
      const { output } = csvFolder(folder);
      output.readingTaken(METER, [energy('1.0')]);
      await eventually(() => output.health.delivered === 1);
      rmSync(folder, { recursive: true });
      output.readingTaken(METER, [energy('2.0')]);
      await output.stop();
      expect(lines(join(folder, TODAY))).toHaveLength(3);
    });
  });

  describe('a folder in place of a file', () => {
    it('is no reason to throw, nor to lose anything', async () => {
      const folder = temporaryFolder();
      mkdirSync(join(folder, TODAY));
      const { output } = csvFolder(folder);
      output.readingTaken(METER, [energy('1.0')]);
      await eventually(() => output.health.problem?.includes(folder));
      rmSync(join(folder, TODAY), { recursive: true });
      writeFileSync(join(folder, TODAY), '');
      await output.stop();
      expect(lines(join(folder, TODAY))).toHaveLength(3);
    });
  });
});

describe('what is the matter with the folder of CSV files', () => {
  it.each([
    ['ENOSPC', 'is full'],
    ['EDQUOT', 'is full'],
    ['EACCES', 'may not be written by the user'],
    ['EROFS', 'is read-only'],
    ['ENOTDIR', 'a file in its way'],
    ['EIO', 'cannot be written: broken. Look after its disk'],
  ])('%s is said in words, with the folder', (code, words) => {
    const problem = diskProblem('/csv', Object.assign(new Error('broken'), { code }));
    expect(problem).toContain('/csv');
    expect(problem).toContain(words);
  });

  it('is the error itself where it is none of the disk', () => {
    expect(diskProblem('/csv', 'odd')).toContain('cannot be written: odd');
  });
});
