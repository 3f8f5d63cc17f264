import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Counted, countedBetween, stretchesOf } from '../../src/history/consumption.ts';
import { HistoryQueries, type StoredSeries } from '../../src/history/queries.ts';
import { HistoryStore, HOUR, type StoredValue } from '../../src/history/store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const START = Date.UTC(2026, 0, 15, 9);
const MINUTE = 60_000;
const DAY = 24 * HOUR;
const ENOUGH = 1_000_000_000;

let folder: string;
let store: HistoryStore;

function energy(value: number, at: number, unit = 'GJ', decimals = 3): StoredValue {
  return { quantity: 'heat_energy', unit, decimals, value, at, isTotal: true };
}

function power(value: number, at: number): StoredValue {
  return { quantity: 'power', unit: 'kW', decimals: 1, value, at, isTotal: false };
}

function add(...values: readonly StoredValue[]): void {
  for (const value of values) store.add([{ serialNumber: '1', name: 'House', values: [value] }], ENOUGH);
}

const queries = (): HistoryQueries => new HistoryQueries(store.database);
const rows = (sql: string): readonly unknown[] => store.database.prepare(sql).all();

function series(quantity: string): readonly StoredSeries[] {
  return queries()
    .series('House')
    .filter((each) => each.quantity === quantity);
}

/** Of the only series. */
function one(quantity: string): StoredSeries {
  const [found, ...others] = series(quantity);
  if (found === undefined || others.length > 0) throw new Error(`${others.length} more of ${quantity}`);
  return found;
}

const used = (counted: readonly Counted[]): readonly (string | null)[] =>
  counted.map((each) => (each === undefined ? null : each.last.value.minus(each.first.value).toFixed(3)));

/** Of each series that there is of it. */
const counted = (quantity: string, boundaries: readonly number[]): readonly (readonly Counted[])[] =>
  stretchesOf(series(quantity)).map((stretch) => countedBetween(queries(), stretch, boundaries));

const consumption = (boundaries: readonly number[]) => used(counted('heat_energy', boundaries)[0] ?? []);

const hoursFrom = (begin: number, count: number): readonly number[] =>
  Array.from({ length: count + 1 }, (_, hour) => begin + hour * HOUR);

const opened = (): HistoryStore => HistoryStore.open(`${folder}/history.db`);

function reopen(): void {
  store.close();
  store = opened();
}

beforeEach(() => {
  folder = temporaryFolder();
  store = opened();
});

afterEach(() => store.close());

describe('what was used', () => {
  it('in each hour is told by the readings that are nearest to its ends', () => {
    for (const [hour, value] of [84.817, 84.824, 84.9, 84.91].entries())
      add(energy(value, START + hour * HOUR + 3_000));
    expect(consumption(hoursFrom(START - HOUR, 5))).toEqual([null, '0.007', '0.076', '0.010', null]);
  });

  it('while nothing was read belongs to the hour in which it was seen, and says since when it is', () => {
    add(energy(84.8, START), energy(84.9, START + HOUR), energy(85.5, START + 4 * HOUR + MINUTE));
    const [bars = []] = counted('heat_energy', hoursFrom(START, 5));
    expect(used(bars)).toEqual(['0.100', null, null, '0.600', null]);
    expect(bars[3]?.first.at).toBe(START + HOUR);
  });

  it('is the same when the readings themselves are gone, whenever they were', () => {
    // Four an hour, of which none is at the hour itself.
    for (let quarter = 0; quarter < 200; quarter++)
      add(energy(80 + quarter / 100, START + quarter * 15 * MINUTE + 3_000));
    const places = [
      hoursFrom(START, 48),
      [START, START + DAY, START + 2 * DAY],
      hoursFrom(START + HOUR / 2, 40),
    ];
    const before = places.map(consumption);
    expect(before[1]).toEqual(['0.960', '0.960']);
    expect(new Set(before[0])).toEqual(new Set(['0.040']));
    add(energy(90, START + 100 * DAY));
    expect(rows('SELECT 1 FROM reading')).toHaveLength(1);
    expect(places.slice(0, 2).map(consumption)).toEqual(before.slice(0, 2));
    // A quarter of an hour off at most, where days begin at the half hour.
    for (const each of consumption(places[2] as readonly number[]).slice(1, -1))
      expect(['0.030', '0.040', '0.050']).toContain(each);
  });

  it('counts the running hour', () => {
    add(energy(84.8, START), energy(84.9, START + HOUR), energy(84.95, START + HOUR + 20 * MINUTE));
    expect(consumption(hoursFrom(START, 2))).toEqual(['0.100', '0.050']);
  });

  it('has the digits of the finest value', () => {
    add(energy(84.81, START, 'GJ', 2), energy(84.817, START + HOUR, 'GJ', 3));
    reopen();
    add(energy(84.82, START + 2 * HOUR, 'GJ', 2));
    expect(one('heat_energy').decimals).toBe(3);
  });
});

describe('nothing is counted', () => {
  const perSeries = (count: number): readonly (readonly (string | null)[])[] =>
    counted('heat_energy', hoursFrom(START, count)).map(used);

  it.each(['at once', 'after a restart'])('across a change of units, there and back, %s', (when) => {
    const again = when === 'at once' ? (): void => {} : reopen;
    add(energy(84.8, START), energy(84.9, START + HOUR));
    again();
    add(energy(23_600, START + HOUR + MINUTE, 'kWh'), energy(23_650, START + 2 * HOUR, 'kWh'));
    again();
    add(energy(85.1, START + 2 * HOUR + MINUTE), energy(85.2, START + 3 * HOUR));
    expect(series('heat_energy').map(({ unit }) => unit)).toEqual(['GJ', 'kWh', 'GJ']);
    expect(perSeries(3)).toEqual([
      ['0.100', null, null],
      [null, '50.000', null],
      [null, null, '0.100'],
    ]);
  });

  it('across a counter that begins anew', () => {
    add(energy(84.8, START), energy(84.9, START + HOUR));
    reopen();
    add(energy(0.1, START + HOUR + MINUTE), energy(0.3, START + 2 * HOUR));
    expect(perSeries(2)).toEqual([
      ['0.100', null],
      [null, '0.200'],
    ]);
  });

  it('twice where the clock was set back, nor backwards', () => {
    add(energy(84.8, START + DAY), energy(84.9, START + DAY + HOUR));
    reopen();
    add(energy(85.0, START), energy(85.3, START + HOUR));
    // The wrong times come by for a second time.
    add(energy(86.0, START + DAY), energy(86.2, START + DAY + HOUR), energy(86.3, START + DAY + 2 * HOUR));
    const bars = counted('heat_energy', [START, START + DAY, START + 2 * DAY]).map(used);
    expect(bars).toEqual([
      [null, '0.100'],
      ['1.000', '0.300'],
    ]);
  });

  it('between two meters, which are told apart by their serial numbers', () => {
    add(energy(84.8, START), energy(84.9, START + HOUR));
    const values = [energy(3, START + HOUR + MINUTE)];
    store.add([{ serialNumber: '2', name: 'House', values }], ENOUGH);
    store.add([{ serialNumber: '2', name: 'House', values: [energy(3.2, START + 2 * HOUR)] }], ENOUGH);
    expect(perSeries(2)).toEqual([
      ['0.100', null],
      [null, '0.200'],
    ]);
  });
});

describe('the history', () => {
  it('keeps mean, least and greatest of an hour, and shows each reading while there are any', () => {
    for (const [minute, value] of [
      [0, 2],
      [20, 6],
      [40, 4],
    ] as const)
      add(power(value, START + minute * MINUTE));
    add(power(9, START + HOUR));
    expect(rows('SELECT at, mean, low, high FROM hour')).toEqual([{ at: START, mean: 4, low: 2, high: 6 }]);
    const course = () => queries().course(one('power'), START - DAY, START + DAY);
    expect(course()).toHaveLength(4);
    add(power(1, START + 31 * DAY));
    expect(course()).toEqual([
      { at: START, mean: 4, low: 2, high: 6 },
      { at: START + HOUR, mean: 9, low: 9, high: 9 },
    ]);
  });

  it('draws ten years in as many points as a screen has', () => {
    for (let day = 0; day < 3_650; day++) add(power(day % 7, START + day * DAY));
    const course = queries().course(one('power'), 0, START + 3_650 * DAY);
    expect(course.length).toBeLessThanOrEqual(1_500);
    expect(course.length).toBeGreaterThan(700);
    expect(course.at(-1)?.at).toBeGreaterThan(START + 3_640 * DAY);
  });

  it('goes on after a value that could not be written', () => {
    const broken = { ...energy(84.817, START), unit: null as unknown as string };
    expect(() => add(broken)).toThrow('NOT NULL');
    add(energy(84.817, START));
    expect(rows('SELECT value FROM reading')).toEqual([{ value: 84.817 }]);
  });

  it('says each value once', () => {
    add(energy(84.817, START), energy(84.817, START));
    expect(rows('SELECT 1 FROM reading')).toHaveLength(1);
  });

  it('follows a meter that is called otherwise', () => {
    add(power(1, START));
    store.add([{ serialNumber: '1', name: 'Cellar', values: [power(2, START + HOUR)] }], ENOUGH);
    expect(queries().series('House')).toEqual([]);
    expect(queries().series('Cellar')).toHaveLength(1);
  });

  it('lets go of the oldest readings, and then hours, where the file is too large', () => {
    const bytes = (): number =>
      (
        rows(
          'SELECT (page_count - freelist_count) * page_size AS bytes FROM pragma_page_count, pragma_freelist_count, pragma_page_size',
        )[0] as { bytes: number }
      ).bytes;
    const most = 100_000;
    for (let hour = 0; hour < 2_000; hour++) {
      const values = [power(hour % 10, START + hour * HOUR), energy(hour / 100, START + hour * HOUR)];
      store.add([{ serialNumber: '1', name: 'House', values }], most);
    }
    expect(bytes()).toBeLessThan(most * 1.1);
    const { first } = rows('SELECT min(at) AS first FROM reading')[0] as { first: number };
    // The readings of the last day stay, and what is counted goes on.
    expect(first).toBeLessThanOrEqual(START + (2_000 - 24) * HOUR);
    const hours = hoursFrom(START + 1_900 * HOUR, 90);
    expect(new Set(consumption(hours))).toEqual(new Set(['0.010']));
    expect(consumption([0, START + 2_000 * HOUR])).toEqual(['19.990']);
  });

  it('can be read with any other program: views name meter, quantity and time', () => {
    add(energy(84.817, START));
    expect(rows('SELECT * FROM readings')).toEqual([
      {
        meter: 'House',
        serial_number: '1',
        time: '2026-01-15T09:00:00.000Z',
        quantity: 'heat_energy',
        value: 84.817,
        unit: 'GJ',
      },
    ]);
    expect(rows('SELECT * FROM hours')).toEqual([]);
  });
});
