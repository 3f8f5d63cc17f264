import {
  chownSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { Big } from 'big.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LoggerName } from '../../src/catalogue/loggers.ts';
import { openBeside, openHistory } from '../../src/history/file.ts';
import { LogStore } from '../../src/history/log-store.ts';
import { HistoryQueries } from '../../src/history/queries.ts';
import { type HistoryStore, HOUR } from '../../src/history/store.ts';
import type { LoggedRow, LoggedValue } from '../../src/loggers/logged-row.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const START = Date.UTC(2025, 9, 1, 22);
const DAY = 24 * HOUR;
const HOUSE = { serialNumber: '6655443', name: 'House' };

let folder: string;
let store: HistoryStore;
let logs: LogStore;

const energy = (value: string, decimals = 3): LoggedValue => ({
  ...{ register: 60, quantity: 'heat_energy', unit: 'GJ', decimals },
  value: new Big(value),
});
const volume = (value: string): LoggedValue => ({
  ...{ register: 68, quantity: 'volume', unit: 'm³', decimals: 2 },
  value: new Big(value),
});

function day(id: number, ...values: readonly LoggedValue[]): LoggedRow {
  const endedAt = START + id * DAY;
  // Two hours ahead of UTC.
  const meterTime = new Date(endedAt + 2 * HOUR).toISOString().slice(0, 19);
  return { logger: 'day', id, meterTime, endedAt, values };
}

const rowsOf = (logger: LoggerName = 'day') => logs.rows(HOUSE.serialNumber, logger);
const ids = (rows: readonly LoggedRow[]): readonly number[] => rows.map(({ id }) => id);
const known = (registers?: readonly number[]) => logs.known(HOUSE.serialNumber, 'day', registers);
const sql = (text: string): readonly unknown[] => store.database.prepare(text).all();
const opened = (): HistoryStore => openHistory(`${folder}/history.db`, new CollectingLogger());

beforeEach(() => {
  folder = temporaryFolder();
  store = opened();
  logs = new LogStore(store.database);
});

afterEach(() => store.close());

describe('what a meter wrote down', () => {
  it('comes back exactly as it was told, also after a restart', () => {
    const row: LoggedRow = {
      ...day(7, energy('9007199254740993.001')),
      values: [
        energy('9007199254740993.001'),
        { register: 99, quantity: 'info', unit: '', decimals: 0, value: new Big('16') },
        { register: 123, quantity: 'power_peak_date', unit: '', decimals: 0, value: null },
        { register: 124, quantity: 'serial', unit: '', decimals: 0, value: '0012' },
      ],
    };
    const untimed = { ...day(8, energy('0.000')), meterTime: null, endedAt: null };
    logs.add(HOUSE, [row, untimed]);
    store.close();
    store = opened();
    logs = new LogStore(store.database);
    expect(rowsOf()).toEqual([row, untimed]);
    expect(logs.newest(HOUSE.serialNumber, 'day')).toEqual(untimed);
  });

  it('is told by meter, by logger and by time, in the order of the meter', () => {
    logs.add(
      HOUSE,
      [3, 2, 1].map((id) => day(id, energy(`${id}`))),
    );
    logs.add(HOUSE, [{ ...day(4), endedAt: null }]);
    logs.add(HOUSE, [{ ...day(9, energy('9')), logger: 'month' }]);
    logs.add({ serialNumber: '2', name: 'Other' }, [day(5, energy('5'))]);
    expect(ids(rowsOf())).toEqual([1, 2, 3, 4]);
    expect(ids(rowsOf('month'))).toEqual([9]);
    const span = { from: START + 2 * DAY, to: START + 3 * DAY };
    expect(logs.rows(HOUSE.serialNumber, 'day', span)).toEqual([2, 3].map((id) => day(id, energy(`${id}`))));
    expect(logs.rows('3', 'day')).toEqual([]);
    expect(logs.newest('3', 'day')).toBeUndefined();
  });

  it('is not asked for again: which rows are there is known', () => {
    expect(known()).toEqual([]);
    logs.add(
      HOUSE,
      [645, 644, 643, 200, 199, 10].map((id) => day(id, energy('1'))),
    );
    expect(known()).toEqual([
      { from: 10, to: 10 },
      { from: 199, to: 200 },
      { from: 643, to: 645 },
    ]);
  });

  it('stays as it is when it comes again, and takes on what it lacks', () => {
    logs.add(HOUSE, [{ ...day(1, energy('1.000')), endedAt: null }]);
    logs.add(HOUSE, [day(1, energy('2.000'), volume('7.00')), day(2, energy('3.000'))]);
    expect(rowsOf()).toEqual([day(1, energy('1.000'), volume('7.00')), day(2, energy('3.000'))]);
    expect(known([60, 68])).toEqual([{ from: 1, to: 1 }]);
    expect(known([68, 68])).toEqual([{ from: 1, to: 1 }]);
  });

  it('is never mixed with another row of the same number', () => {
    logs.add(HOUSE, [day(1, energy('1.000'))]);
    logs.add(HOUSE, [
      { ...day(1, volume('7.00')), meterTime: '2030-01-01T00:00:00', endedAt: START + 99 * DAY },
    ]);
    expect(rowsOf()).toEqual([day(1, energy('1.000'))]);
  });

  it('keeps to one unit in a row and to another in the next', () => {
    const inMegawattHours = { ...energy('0.278'), unit: 'MWh' };
    logs.add(HOUSE, [day(1, energy('1.000')), day(2, inMegawattHours), day(3, energy('1.00', 2))]);
    expect(rowsOf().map(({ values }) => values[0])).toEqual([
      energy('1.000'),
      inMegawattHours,
      energy('1.00', 2),
    ]);
  });

  it('gets out of the way of a log that begins anew, and stays in the file', () => {
    logs.beginAnew(HOUSE.serialNumber, 'day');
    logs.add(HOUSE, [day(1, energy('84.817')), day(2, energy('84.9'))]);
    logs.beginAnew(HOUSE.serialNumber, 'day');
    expect(known()).toEqual([]);
    expect(rowsOf()).toEqual([]);
    expect(logs.newest(HOUSE.serialNumber, 'day')).toBeUndefined();
    logs.add(HOUSE, [day(1, energy('0.1'))]);
    expect(rowsOf()).toEqual([day(1, energy('0.1'))]);
    expect(sql(`SELECT value FROM logged ORDER BY value`)).toEqual([
      { value: '0.1' },
      { value: '84.817' },
      { value: '84.9' },
    ]);
  });

  it('is written whole or not at all', () => {
    const broken = { ...day(2), values: [{ ...energy('1'), unit: null as unknown as string }] };
    expect(() => logs.add(HOUSE, [day(1, energy('1')), broken])).toThrow();
    expect(rowsOf()).toEqual([]);
    logs.add(HOUSE, [day(1, energy('1'))]);
    expect(ids(rowsOf())).toEqual([1]);
  });

  it('can be read with any other program', () => {
    logs.add(HOUSE, [day(1, energy('84.817'))]);
    expect(sql('SELECT * FROM logged')).toEqual([
      {
        meter: 'House',
        serial_number: '6655443',
        logger: 'day',
        row: 1,
        meter_time: '2025-10-03T00:00:00',
        time: '2025-10-02T22:00:00Z',
        quantity: 'heat_energy',
        value: '84.817',
        unit: 'GJ',
      },
    ]);
  });
});

describe('where the file is too large', () => {
  const most = 200_000;
  const bytes = (): number => {
    const [{ size }] = sql(
      'SELECT (page_count - freelist_count) * page_size AS size FROM pragma_page_count, pragma_freelist_count, pragma_page_size',
    ) as [{ size: number }];
    return size;
  };

  it('the oldest hours make room, and are not asked for again; days and years stay', () => {
    const hours = Array.from({ length: 6_000 }, (_, id) => ({
      ...day(id, energy(`${id}`), volume(`${id}`)),
      logger: 'hour' as const,
    }));
    logs.add(HOUSE, hours);
    logs.add(
      HOUSE,
      [1, 2].map((id) => day(id, energy(`${id}`))),
    );
    expect(bytes()).toBeGreaterThan(most);
    for (let write = 0; write < 20; write++) store.add([], most);
    expect(bytes()).toBeLessThanOrEqual(most);
    expect(ids(rowsOf())).toEqual([1, 2]);
    const left = ids(rowsOf('hour'));
    expect(left.length).toBeGreaterThan(100);
    expect(left.at(-1)).toBe(5_999);
    expect(logs.known(HOUSE.serialNumber, 'hour')).toEqual([{ from: 0, to: 5_999 }]);
    logs.add(HOUSE, [{ ...day(6_001, energy('9')), logger: 'hour' }]);
    expect(logs.known(HOUSE.serialNumber, 'hour')).toEqual([
      { from: 0, to: 5_999 },
      { from: 6_001, to: 6_001 },
    ]);
  });
});

describe('a file of version 1', () => {
  it('goes on with all that it holds', () => {
    store.close();
    copyFileSync('test/fixtures/history-version-1.db', `${folder}/history.db`);
    const logger = new CollectingLogger();
    store = openHistory(`${folder}/history.db`, logger);
    logs = new LogStore(store.database);
    expect(logger.lines).toEqual([]);
    const readings = sql('SELECT time, quantity, value FROM readings ORDER BY quantity, time');
    expect(readings).toMatchObject([
      { quantity: 'heat_energy', value: 84.817 },
      { quantity: 'heat_energy', value: 84.824 },
      { quantity: 'heat_energy', value: 84.9 },
      { quantity: 'power', value: 4.2 },
      { quantity: 'power', value: 3.1 },
      { quantity: 'power', value: 5 },
    ]);
    expect(sql('SELECT hour FROM hours')).toHaveLength(4);
    const at = Date.UTC(2026, 0, 15, 12);
    const values = [{ quantity: 'heat_energy', unit: 'GJ', decimals: 3, value: 85, at, isTotal: true }];
    store.add([{ serialNumber: '1', name: 'House', values }], 1e9);
    const [series] = new HistoryQueries(store.database).series('House');
    expect(series).toMatchObject({ beganWith: 84.817, last: at });
    logs.add({ serialNumber: '1', name: 'House' }, [day(1, energy('80'))]);
    store.close();
    store = opened();
    logs = new LogStore(store.database);
    expect(logs.rows('1', 'day')).toEqual([day(1, energy('80'))]);
  });
});

describe('a command beside a bridge', () => {
  const file = (): string => `${folder}/history.db`;

  it('writes into the file that the bridge has open, and each sees what the other wrote', () => {
    const other = openBeside(file());
    new LogStore(other.database).add(HOUSE, [day(1, energy('1'))]);
    expect(ids(rowsOf())).toEqual([1]);
    logs.add(HOUSE, [day(2, energy('2'))]);
    expect(new LogStore(other.database).known(HOUSE.serialNumber, 'day')).toEqual([{ from: 1, to: 2 }]);
    other.close();
    // What a slow disk takes long for is left to the bridge.
    expect(statSync(`${file()}-wal`).size).toBeGreaterThan(0);
    logs.add(HOUSE, [day(3, energy('3'))]);
    expect(ids(rowsOf())).toEqual([1, 2, 3]);
  });

  it('leaves alone what it cannot use, as the bridge may have it open', () => {
    const damaged = `${folder}/damaged.db`;
    writeFileSync(damaged, 'no database at all');
    expect(() => openBeside(damaged)).toThrow(
      `The history ${damaged} is damaged. Restart the bridge, or move the file away where none runs: a new one begins.`,
    );
    expect(readFileSync(damaged, 'utf8')).toBe('no database at all');
    store.database.exec('PRAGMA user_version = 99; PRAGMA wal_checkpoint(TRUNCATE)');
    expect(() => openBeside(file())).toThrow('is of a newer version of this program. Use that version.');
    expect(readdirSync(folder).filter((name) => name.includes('old'))).toEqual([]);
  });

  it('begins it for its owner only', () => {
    const begun = `${folder}/data/history.db`;
    openBeside(begun).close();
    expect(statSync(begun).mode & 0o777).toBe(0o600);
  });

  it.skipIf(process.getuid?.() !== 0)('begins it, as root, for the user whose folder it is', () => {
    mkdirSync(`${folder}/data`);
    chownSync(`${folder}/data`, 1234, 1235);
    const other = openBeside(`${folder}/data/history.db`);
    for (const part of ['', '-wal', '-shm'])
      expect(statSync(`${folder}/data/history.db${part}`)).toMatchObject({ uid: 1234, gid: 1235 });
    other.close();
  });
});
