import { statSync, writeFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { HistoryAnswers } from '../../src/history/answers.ts';
import { HistoryQueries } from '../../src/history/queries.ts';
import { HistoryRecorder } from '../../src/history/recorder.ts';
import type { Reading } from '../../src/readings/reading.ts';
import { METER } from '../outputs/support/meter-readings.ts';
import { energy, HOUR, NOON, number, reading } from '../readings/support/readings.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { damageTables } from './support/damage.ts';

const MINUTE = 60_000;
const ENOUGH = 1_000_000_000;

function recorderIn(folder: string, clock = new FakeClock(NOON)) {
  const file = `${folder}/history.db`;
  const logger = new CollectingLogger();
  const recorder = new HistoryRecorder({ file, mostBytes: ENOUGH, clock, logger });
  recorder.start();
  onTestFinished(() => recorder.stop());
  const rows = (sql: string): readonly unknown[] => recorder.store?.database.prepare(sql).all() ?? [];
  const written = (): number => rows('SELECT 1 FROM reading').length;
  const take = (...fresh: readonly Reading[]): void => recorder.readingTaken(METER, fresh);
  return { file, logger, recorder, clock, rows, written, take };
}

const at = (one: Reading, readAt: number): Reading => ({ ...one, readAt });

describe('the recorder of the history', () => {
  it('writes at most once a minute, for the sake of memory cards', async () => {
    const { recorder, clock, take, file } = recorderIn(temporaryFolder());
    let writes = 0;
    let size = walSize(file);
    for (let second = 0; second < 600; second += 10) {
      take(at(energy(`1.${100 + second}`), NOON + second * 1000));
      await clock.advance(10_000);
      if (walSize(file) !== size) writes++;
      size = walSize(file);
    }
    expect(writes).toBeGreaterThan(5);
    expect(writes).toBeLessThanOrEqual(10);
    expect(recorder.problem).toBeNull();
  });

  it('keeps amounts and courses in the unit of the meter, nothing that names or repeats something', () => {
    const { take, rows } = recorderIn(temporaryFolder());
    take(
      energy('84.817'),
      reading(80, number('4.2'), 'kW'),
      reading(1001, number('6655443'), ''),
      reading(99, number('0'), ''),
      { ...energy('23560.28'), quantity: 'heat_energy_kwh', register: null, unit: 'kWh' },
      { ...energy('0.1'), quantity: 'heat_energy_day', register: null, nature: 'period-total' },
    );
    expect(rows('SELECT quantity, value, unit FROM readings ORDER BY quantity')).toEqual([
      { quantity: 'heat_energy', value: 84.817, unit: 'GJ' },
      { quantity: 'power', value: 4.2, unit: 'kW' },
    ]);
  });

  it('keeps nothing of what is not believed', () => {
    const { take, written } = recorderIn(temporaryFolder());
    take(reading(86, { kind: 'unknown', value: null, decimals: 2, cause: 'It failed.' }, '°C'));
    expect(written()).toBe(0);
  });

  it('is for its owner only', () => {
    const { file, take } = recorderIn(temporaryFolder());
    take(energy('1.000'));
    for (const part of ['', '-wal', '-shm']) expect(statSync(`${file}${part}`).mode & 0o777).toBe(0o600);
  });

  it('waits for a clock that is not set, and knows then when it was', async () => {
    const { take, rows, clock } = recorderIn(temporaryFolder(), new FakeClock(5_000));
    take(at(energy('1.000'), 1 + clock.monotonic()));
    expect(rows('SELECT 1 FROM reading')).toEqual([]);
    clock.setWallClock(NOON + MINUTE);
    await clock.advance(MINUTE);
    const [{ at: readAt }] = rows('SELECT at FROM reading') as [{ at: number }];
    expect(Math.abs(readAt - (NOON + MINUTE))).toBeLessThan(10);
  });

  it('sets a damaged file aside', () => {
    const folder = temporaryFolder();
    const file = `${folder}/history.db`;
    writeFileSync(file, 'no database at all, and long enough to be taken for one '.repeat(100));
    const { take, written, logger } = recorderIn(folder);
    take(energy('1.000'));
    expect(written()).toBe(1);
    expect(logger.told).toEqual([
      expect.stringMatching(/^warn .* is damaged: it is kept as .*history\.db\.old/),
    ]);
  });

  it('that is found damaged is set aside at the next start', () => {
    const folder = temporaryFolder();
    const first = recorderIn(folder);
    first.take(energy('1.000'));
    first.recorder.stop();
    damageTables(first.file);
    const second = recorderIn(folder);
    second.take(energy('2.000'));
    // Somebody looks.
    expect(second.recorder.store).toBeDefined();
    expect(second.recorder.problem).toMatch(/malformed.*Restart the program/);
    second.recorder.stop();
    const third = recorderIn(folder);
    third.take(energy('3.000'));
    expect(third.written()).toBe(1);
    expect(third.logger.told).toEqual([expect.stringContaining('is damaged: it is kept as')]);
  });

  it('sets a file of a newer version aside, and never one upon the other', () => {
    const folder = temporaryFolder();
    for (const round of [1, 2]) {
      const { recorder, take, logger } = recorderIn(folder);
      take(energy(`${round}.000`));
      recorder.store?.database.exec('PRAGMA user_version = 999');
      recorder.stop();
      expect(logger.told).toHaveLength(round - 1);
    }
    const { written } = recorderIn(folder);
    expect(written()).toBe(0);
    expect(statSync(`${folder}/history.db.old`).size).toBeGreaterThan(4096);
    expect(statSync(`${folder}/history.db.old2`).size).toBeGreaterThan(4096);
  });

  it('says once that the disk is full, keeps values in memory, and goes on when there is room', async () => {
    const { take, recorder, clock, logger, rows } = recorderIn(temporaryFolder());
    take(energy('1.000'));
    const limit = (pages: number): void => recorder.store?.database.exec(`PRAGMA max_page_count = ${pages}`);
    const [{ page_count: pages }] = rows('PRAGMA page_count') as [{ page_count: number }];
    limit(pages);
    for (let hour = 1; hour < 600; hour++) {
      take(energy(`${hour + 1}.000`, hour));
      await clock.advance(MINUTE);
    }
    expect(recorder.problem).toMatch(/cannot be written.*full/);
    const complaints = (): number => logger.told.filter((line) => line.includes('cannot be written')).length;
    expect(complaints()).toBeLessThan(15);
    limit(1_000_000);
    await clock.advance(MINUTE);
    expect(recorder.problem).toBeNull();
    // What is older than a month stands in its hour.
    expect(rows('SELECT 1 FROM hour')).toHaveLength(599);
    await clock.advance(HOUR);
    expect(logger.told.at(-1)).toMatch(/is written again, and nothing is missing/);
  });

  it('has what was used before and after a restart', () => {
    const folder = temporaryFolder();
    const first = recorderIn(folder);
    first.take(energy('1.000'));
    first.take(energy('1.200', 1));
    first.recorder.stop();
    const { take, recorder } = recorderIn(folder, new FakeClock(NOON + 2 * HOUR));
    take(energy('1.500', 2));
    const { store } = recorder;
    if (store === undefined) throw new Error('closed');
    const answers = new HistoryAnswers(new HistoryQueries(store.database), () => undefined);
    const bars = answers.consumption(METER.name, 'heat_energy', [NOON, NOON + 2 * HOUR]);
    expect(bars).toMatchObject([{ used: 0.5, since: null, source: 'reading' }]);
  });
});

function walSize(file: string): number {
  return statSync(`${file}-wal`).size;
}
