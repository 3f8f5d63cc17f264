import { Big } from 'big.js';
import { describe, expect, it } from 'vitest';
import { todayOf } from '../../src/app/today.ts';
import type { LoggerName } from '../../src/catalogue/loggers.ts';
import { LogStore } from '../../src/history/log-store.ts';
import type { NumberReading } from '../../src/readings/reading.ts';
import { momentOf } from '../../src/shared/zoned-time.ts';
import type { HistoryConsumption, HistoryContents } from '../../src/web/api.ts';
import { METER } from '../outputs/support/meter-readings.ts';
import { HOUR, number, reading } from '../readings/support/readings.ts';
import { house, json, ZONE } from './support/kept-house.ts';

const DAY = 24 * HOUR;
const NEVER = null;

const at = (local: string): number => momentOf(local.length === 10 ? `${local}T00:00:00` : local, ZONE);

type Totals = Readonly<Record<string, string>>;

/** A house whose meter has written these totals down, each at the end of what its local time says. */
function houseWith(totals: Totals, { logger = 'day' as LoggerName, unit = 'GJ', now = '2026-10-24' } = {}) {
  const one = house({}, at(now));
  const write = (rows: Totals, meter = METER, of = logger, in_ = unit): void => {
    const { store } = one.recorder;
    if (store === undefined) throw new Error('closed');
    const known = new LogStore(store.database).newest(meter.serialNumber, of)?.id ?? 0;
    new LogStore(store.database).add(
      meter,
      Object.entries(rows).map(([meterTime, text], index) => ({
        ...{ logger: of, id: known + 1 + index, meterTime, endedAt: at(meterTime) },
        values: [
          {
            ...{ register: 60, quantity: 'heat_energy', unit: in_ },
            ...{ value: new Big(text), decimals: text.split('.')[1]?.length ?? 0 },
          },
        ],
      })),
    );
  };
  write(totals);
  const bars = (
    by: 'hour' | 'day' | 'month' | 'year',
    from: string,
    to: string,
    quantity = 'heat_energy',
  ): readonly string[] => {
    const asked = { quantity, by, from: at(from), to: at(to) };
    const { bars: found } = json(one.get('history/consumption', asked)) as HistoryConsumption;
    return found.map(({ used, source, since }) =>
      used === NEVER
        ? `${source}`
        : `${used} ${source}${since === null ? '' : ` since ${new Date(since).toISOString()}`}`,
    );
  };
  const contents = (): HistoryContents => json(one.get('history')) as HistoryContents;
  return { ...one, write, bars, contents };
}

describe('the page has what the meter wrote down', () => {
  it('before the first reading: the day of installation whole, and the days, months and years before', () => {
    const { take, write, bars, contents } = houseWith({
      '2026-10-20': '80.00',
      '2026-10-21': '80.30',
      '2026-10-22': '80.70',
    });
    write({ '2026-08-01': '78.00', '2026-09-01': '78.50', '2026-10-01': '79.10' }, METER, 'month');
    write({ '2025-01-01': '30.00', '2026-01-01': '61.00' }, METER, 'year');
    take('80.82', at('2026-10-22T14:00:00'));
    take('81.05', at('2026-10-23') + 3_000);
    take('81.25', at('2026-10-24') + 3_000);
    expect(bars('day', '2026-10-19', '2026-10-25')).toEqual([
      'null',
      '0.3 log',
      '0.4 log',
      '0.35 log',
      '0.2 reading',
      'null',
    ]);
    expect(bars('month', '2026-08-01', '2026-11-01')).toEqual(['0.5 log', '0.6 log', '2.15 log']);
    expect(bars('year', '2025-01-01', '2027-01-01')).toEqual(['31 log', '20.25 log']);
    expect(contents().quantities[0]).toMatchObject({ quantity: 'heat_energy', first: at('2025-01-01') });
  });

  it('from its first row on, where a year or a month began before', () => {
    const { take, bars } = houseWith({ '2026-09-20': '79.00', '2026-10-01': '80.00' });
    take('80.70', at('2026-10-06'));
    expect(bars('month', '2026-08-01', '2026-11-01')).toEqual([
      'null',
      '1 log since 2026-09-19T22:00:00.000Z',
      '0.7 log',
    ]);
    expect(bars('year', '2026-01-01', '2027-01-01')).toEqual(['1.7 log since 2026-09-19T22:00:00.000Z']);
  });

  it('in a gap, where each day is counted once', () => {
    const { take, bars } = houseWith({
      '2026-10-03': '80.20',
      '2026-10-04': '80.30',
      '2026-10-05': '80.60',
      '2026-10-06': '80.65',
    });
    take('80.00', at('2026-10-01'));
    take('80.10', at('2026-10-02'));
    take('80.15', at('2026-10-02T12:00:00'));
    take('80.70', at('2026-10-06T18:00:00'));
    take('80.75', at('2026-10-07'));
    expect(bars('day', '2026-10-01', '2026-10-07')).toEqual([
      '0.1 reading',
      '0.1 log',
      '0.1 log',
      '0.3 log',
      '0.05 log',
      '0.1 log',
    ]);
    expect(bars('month', '2026-10-01', '2026-11-01')).toEqual(['0.75 reading']);
  });

  it('up to where it goes, and says since when the rest is counted', () => {
    const { take, bars } = houseWith({ '2026-10-03': '80.20', '2026-10-04': '80.30' });
    take('80.00', at('2026-10-01'));
    take('80.10', at('2026-10-02'));
    take('80.70', at('2026-10-06'));
    const days = ['0.1 log', '0.1 log', 'null', '0.4 log since 2026-10-03T22:00:00.000Z'];
    expect(bars('day', '2026-10-02', '2026-10-06')).toEqual(days);
    // Also where the days before are not looked at.
    expect(bars('day', '2026-10-05', '2026-10-06')).toEqual(days.slice(-1));
  });

  it('of hours', () => {
    const { take, bars } = houseWith(
      { '2026-10-24T10:00:00': '80.20', '2026-10-24T11:00:00': '80.30' },
      { logger: 'hour' },
    );
    take('80.10', at('2026-10-24T09:00:00'));
    take('80.35', at('2026-10-24T12:00:00'));
    expect(bars('hour', '2026-10-24T09:00:00', '2026-10-24T12:00:00')).toEqual([
      '0.1 log',
      '0.1 log',
      '0.05 log',
    ]);
  });

  it('of the total, where a fine one was not read', () => {
    const { recorder, bars, contents } = houseWith({
      '2026-10-02': '80.20',
      '2026-10-03': '80.30',
      '2026-10-04': '80.40',
    });
    const fine = (text: string, local: string): void =>
      recorder.readingTaken(METER, [
        { ...reading(60, number(text.slice(0, 5)), 'GJ'), readAt: at(local) },
        {
          ...reading(60, number(text), 'GJ'),
          ...{ quantity: 'heat_energy_fine', register: null, readAt: at(local) },
        },
      ]);
    fine('80.41234', '2026-10-04T09:00:00');
    fine('80.50123', '2026-10-05');
    fine('80.60246', '2026-10-06');
    const days = ['0.1 log', '0.1 log', '0.1 log', '0.10123 reading', 'null'];
    expect(bars('day', '2026-10-02', '2026-10-07', 'heat_energy_fine')).toEqual(days);
    expect(contents().quantities.map(({ first }) => first)).toEqual([at('2026-10-02'), at('2026-10-02')]);
  });

  it('in another unit, exactly', () => {
    const { take, bars } = houseWith({ '2026-10-02': '100.000', '2026-10-03': '100.500' }, { unit: 'MWh' });
    take('363.60', at('2026-10-04'));
    expect(bars('day', '2026-10-02', '2026-10-04')).toEqual(['1.8 log', '1.8 log']);
  });

  it('also as what this first day has used', async () => {
    const { take, source, clock, write } = houseWith({}, { now: '2026-10-24T14:00:00' });
    write({ '2026-10-24': '80.10' });
    take('80.30', at('2026-10-24T14:00:00'));
    await clock.advance(60_000);
    const total: NumberReading = {
      ...(reading(60, number('80.35'), 'GJ') as NumberReading),
      readAt: at('2026-10-24T15:00:00'),
    };
    const { name, serialNumber } = METER;
    const config = { name, price: 0, currency: '' };
    const today = (latest: NumberReading) =>
      todayOf({ config, serialNumber, latest: [latest], midnight: at('2026-10-24') }, 'en', source);
    expect(today(total)).toMatchObject({ value: '0.25' });
    expect(today({ ...total, ...{ value: number('80.05') } } as NumberReading)).toBeNull();
  });

  it('and says so in the spreadsheet', () => {
    const { take, get } = houseWith({ '2026-10-02': '80.00' });
    take('80.30', at('2026-10-03'));
    const asked = { quantity: 'heat_energy', by: 'day', from: at('2026-10-02'), to: at('2026-10-03') };
    expect(get('history/consumption.csv', asked)).toMatchObject({
      csv: 'from,to,heat_energy (GJ),source\r\n2026-10-02T00:00:00.000+02:00,2026-10-03T00:00:00.000+02:00,0.3,log\r\n',
    });
  });
});

describe('nothing of the log is counted', () => {
  it('where readings tell the same', () => {
    const { take, bars } = houseWith({ '2026-10-02': '80.00', '2026-10-03': '80.30' });
    take('80.00', at('2026-10-02') + HOUR);
    take('80.31', at('2026-10-03') + HOUR);
    expect(bars('day', '2026-10-02', '2026-10-03')).toEqual(['0.31 reading']);
  });

  it.each([
    ['less than before', '79.90'],
    ['more than after', '80.90'],
  ])('that says %s', (_, wrong) => {
    const { take, bars } = houseWith({ '2026-10-03': wrong });
    take('80.00', at('2026-10-02'));
    take('80.50', at('2026-10-04'));
    expect(bars('day', '2026-10-02', '2026-10-04')).toEqual([
      'null',
      '0.5 reading since 2026-10-01T22:00:00.000Z',
    ]);
  });

  it('whose end cannot be told', () => {
    const { take, bars, recorder } = houseWith({ '2026-10-02': '80.00' });
    recorder.store?.database.exec('UPDATE logged_row SET ended_at = NULL');
    take('80.30', at('2026-10-03'));
    expect(bars('day', '2026-10-02', '2026-10-03')).toEqual(['null']);
  });

  it('from before a counter began anew', () => {
    const { take, bars } = houseWith({ '2026-10-02': '80.00', '2026-10-03': '80.20' });
    take('0.10', at('2026-10-04'));
    take('0.30', at('2026-10-05'));
    expect(bars('day', '2026-10-02', '2026-10-05')).toEqual(['null', 'null', '0.2 reading']);
  });

  it('of a meter that was not here yet, nor of one that has gone', () => {
    const { write, recorder, bars, take } = houseWith({ '2026-10-06': '80.90' });
    const next = { ...METER, serialNumber: '2' };
    write({ '2026-10-03': '1.00', '2026-10-04': '2.00', '2026-10-05': '3.00' }, next);
    take('80.00', at('2026-10-03'));
    take('80.30', at('2026-10-04'));
    recorder.readingTaken(next, [{ ...reading(60, number('5.00'), 'GJ'), readAt: at('2026-10-05') + HOUR }]);
    recorder.readingTaken(next, [{ ...reading(60, number('5.20'), 'GJ'), readAt: at('2026-10-06') + HOUR }]);
    expect(bars('day', '2026-10-03', '2026-10-06')).toEqual(['0.3 reading', 'null', '0.2 reading']);
  });

  it('of what is no total, nor of a quantity that the log lacks', () => {
    const { take, bars, contents, recorder } = houseWith({ '2026-10-02': '80.00' });
    take('80.30', at('2026-10-03') + DAY);
    recorder.readingTaken(METER, [{ ...reading(68, number('7.00'), 'm³'), readAt: at('2026-10-04') }]);
    expect(bars('day', '2026-10-02', '2026-10-03', 'volume')).toEqual(['null']);
    const firsts = contents().quantities.map(({ quantity, first }) => [quantity, first]);
    expect(firsts).toEqual([
      ['heat_energy', at('2026-10-02')],
      ['flow_temperature', at('2026-10-04')],
      ['volume', at('2026-10-04')],
    ]);
  });
});
