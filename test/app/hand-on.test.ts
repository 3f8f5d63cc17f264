import { Big } from 'big.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { handOn } from '../../src/app/hand-on.ts';
import { openHistory } from '../../src/history/file.ts';
import { LogStore } from '../../src/history/log-store.ts';
import { HistoryStore } from '../../src/history/store.ts';
import type { LoggedRow, LoggedValue } from '../../src/loggers/logged-row.ts';
import { logged, loggedRow, loggedText, TWO_DAYS } from '../loggers/support/logged-rows.ts';
import { METER } from '../outputs/support/meter-readings.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

let store: HistoryStore;
let logs: LogStore;
let file: string;

/** An output that takes what meters wrote down. */
class Taker {
  readonly name: string;
  readonly rows: LoggedRow[] = [];

  constructor(name = 'influxdb') {
    this.name = name;
  }

  logged(_meter: unknown, rows: readonly LoggedRow[]): void {
    this.rows.push(...rows);
  }

  /** What it has got since it was looked at last, `day 644`. */
  get fresh(): readonly string[] {
    return this.rows.splice(0).map(({ logger, id }) => `${logger} ${id}`);
  }
}

const days = (first: number, count: number): readonly LoggedRow[] =>
  Array.from({ length: count }, (_, index) => {
    const time = new Date(Date.UTC(2010, 0, 1 + first + index)).toISOString().slice(0, 19);
    return loggedRow(first + index, time, [logged(60, `${first + index}.000`, 'GJ')]);
  });

beforeEach(() => {
  file = `${temporaryFolder()}/history.db`;
  store = openHistory(file, new CollectingLogger());
  logs = new LogStore(store.database);
});

afterEach(() => store.close());

describe('what a meter wrote down is handed on', () => {
  it('once to each output, in the order in which it came', () => {
    const [influxdb, csv] = [new Taker('influxdb'), new Taker('csv')];
    logs.add(METER, TWO_DAYS);
    handOn(logs, METER, [influxdb], {});
    expect(influxdb.rows.splice(0)).toEqual(TWO_DAYS);
    logs.add(METER, [...TWO_DAYS, ...days(646, 2)]);
    logs.add(METER, [{ ...days(7, 1)[0], logger: 'month' } as LoggedRow]);
    handOn(logs, METER, [influxdb, csv, { name: 'webhook' }], {});
    expect(influxdb.fresh).toEqual(['day 646', 'day 647', 'month 7']);
    // Turned on later.
    expect(csv.fresh).toEqual(['day 644', 'day 645', 'day 646', 'day 647', 'month 7']);
    handOn(logs, METER, [influxdb, csv], {});
    expect([...influxdb.fresh, ...csv.fresh]).toEqual([]);
  });

  it('also where an earlier version has kept it', () => {
    const taker = new Taker();
    logs.add(METER, days(1, 600));
    store.database.exec(`
      DROP INDEX logged_row_by_addition; DROP TABLE handed_on; DROP TABLE log_reading;
      ALTER TABLE logged_row DROP COLUMN added; PRAGMA user_version = 2`);
    store.close();
    store = HistoryStore.open(file);
    logs = new LogStore(store.database);
    handOn(logs, METER, [taker], {});
    expect(taker.rows).toHaveLength(600);
    logs.add(METER, days(601, 1));
    handOn(logs, METER, [taker], {});
    expect(taker.rows).toHaveLength(601);
  });

  it('of this meter alone', () => {
    const taker = new Taker();
    logs.add({ ...METER, serialNumber: '111' }, days(1, 2));
    logs.add(METER, days(3, 1));
    handOn(logs, METER, [taker], {});
    expect(taker.fresh).toEqual(['day 3']);
  });

  it('again where more of it is known, and only then', () => {
    const taker = new Taker();
    const [first, second] = TWO_DAYS as readonly [LoggedRow, LoggedRow];
    logs.add(METER, [{ ...first, endedAt: null }, second]);
    handOn(logs, METER, [taker], {});
    expect(taker.fresh).toHaveLength(2);
    logs.add(METER, [first]);
    handOn(logs, METER, [taker], {});
    expect(taker.rows.splice(0)).toEqual([first]);
    const more: LoggedRow = { ...second, values: [...second.values, logged(380, '41.00', '°C')] };
    logs.add(METER, [first, more]);
    handOn(logs, METER, [taker], {});
    expect(taker.rows.splice(0)).toEqual([more]);
    logs.add(METER, [first, more]);
    handOn(logs, METER, [taker], {});
    expect(taker.fresh).toEqual([]);
  });

  it('also what comes after the newest had to make room', () => {
    const taker = new Taker();
    // The older half comes last: what is let go of first has the highest numbers of addition.
    logs.add(METER, days(500, 100));
    logs.add(METER, days(1, 400));
    handOn(logs, METER, [taker], {});
    expect(taker.fresh).toHaveLength(500);
    store.add([], 0);
    expect(logs.rows(METER.serialNumber, 'day').length).toBeLessThan(500);
    logs.add(METER, days(600, 2));
    handOn(logs, METER, [taker], {});
    expect(taker.fresh).toEqual(['day 600', 'day 601']);
  });

  it('also where it is more than is in memory together, and from before the meter began anew', () => {
    const taker = new Taker();
    logs.add(METER, days(1, 1_200));
    logs.beginAnew(METER.serialNumber, 'day');
    logs.add(
      METER,
      TWO_DAYS.map((row, index) => ({ ...row, id: index + 1 })),
    );
    handOn(logs, METER, [taker], {});
    expect(taker.rows).toHaveLength(1_202);
  });

  it('in the units of readings, as far as they are of the same kind', () => {
    const taker = new Taker();
    const texts = (): readonly string[] => taker.rows.splice(0).flatMap(({ values }) => values.map(textOf));
    logs.add(METER, [
      loggedRow(645, '2026-01-16T00:00:00', [
        logged(60, '63179.2', 'kWh'),
        logged(68, '4127.10', 'm³'),
        logged(379, '65.20', '°C'),
        loggedText(127, '2026-01-15'),
        loggedText(123, null),
      ]),
    ]);
    handOn(logs, METER, [taker], { heat_energy: 'GJ', volume: 'l', power: 'kW' });
    expect(texts()).toEqual(['227.44512 GJ', '4127100 l', 'null ', '2026-01-15 ', '65.20 °C']);
    logs.add(METER, days(646, 1));
    handOn(logs, METER, [taker], { heat_energy: 'm³' });
    expect(texts()).toEqual(['646.000 GJ']);
  });
});

function textOf({ value, decimals, unit }: LoggedValue): string {
  return `${value instanceof Big ? value.toFixed(decimals) : value} ${unit}`;
}
