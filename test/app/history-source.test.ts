import Module from 'node:module';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { Midnights, todayOf } from '../../src/app/today.ts';
import { openDatabase } from '../../src/history/database.ts';
import type { NumberReading, Reading } from '../../src/readings/reading.ts';
import { Refused } from '../../src/web/route.ts';
import { damageTables } from '../history/support/damage.ts';
import { METER } from '../outputs/support/meter-readings.ts';
import { HOUR, number, reading } from '../readings/support/readings.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { house, json, ZONE } from './support/kept-house.ts';

const hourly = (take: (energy: string, at: number) => void, from: number, count: number): void => {
  for (let hour = 0; hour <= count; hour++) take((80 + hour / 100).toFixed(2), from + hour * HOUR + 3_000);
};

describe('the history of the page', () => {
  it.each([
    ['that has 25 hours', Date.UTC(2026, 9, 24, 22), 25],
    ['that has 23 hours', Date.UTC(2026, 2, 28, 23), 23],
  ])('has a day %s', (_, midnight, length) => {
    const { take, get } = house({}, midnight);
    hourly(take, midnight, 60);
    const asked = { quantity: 'heat_energy', by: 'day', from: midnight + HOUR, to: midnight + 26 * HOUR };
    const first = {
      from: midnight,
      to: midnight + length * HOUR,
      used: length / 100,
      since: null,
      source: 'reading',
    };
    const next = { from: first.to, to: first.to + 24 * HOUR, used: 0.24, since: null, source: 'reading' };
    expect(json(get('history/consumption', asked))).toEqual({
      quantity: 'heat_energy',
      unit: 'GJ',
      bars: [first, next],
    });
  });

  it('is told in the unit that is wanted now, exactly', () => {
    const { take, get } = house({ heat_energy: 'MWh' });
    const at = Date.UTC(2026, 9, 25, 12);
    take('80.00', at);
    take('80.36', at + HOUR);
    expect(
      json(get('history/consumption', { quantity: 'heat_energy', by: 'hour', from: at, to: at + HOUR })),
    ).toMatchObject({
      unit: 'MWh',
      bars: [{ used: 0.1 }],
    });
    expect(json(get('history'))).toMatchObject({
      problem: null,
      timezone: ZONE,
      quantities: [
        {
          quantity: 'heat_energy',
          label: 'Heat energy',
          unit: 'MWh',
          isTotal: true,
          first: at,
          last: at + HOUR,
        },
        { quantity: 'flow_temperature', isTotal: false },
      ],
    });
  });

  it('says since when a bar counts, where nothing was read for long', () => {
    const { take, get } = house();
    const at = Date.UTC(2026, 9, 25, 12);
    take('80.00', at);
    take('81.00', at + 5 * HOUR);
    const asked = { quantity: 'heat_energy', by: 'hour', from: at + 3 * HOUR, to: at + 5 * HOUR };
    expect(json(get('history/consumption', asked))).toMatchObject({
      bars: [{ used: null }, { used: 1, since: at }],
    });
  });

  it('goes into a spreadsheet, with local times', () => {
    const { take, get } = house();
    const at = Date.UTC(2026, 9, 25, 12);
    take('80.00', at);
    take('80.36', at + HOUR);
    const between = { from: at, to: at + 2 * HOUR };
    expect(get('history/consumption.csv', { ...between, quantity: 'heat_energy', by: 'hour' })).toEqual({
      name: `${METER.name} heat_energy.csv`,
      csv: 'from,to,heat_energy (GJ),source\r\n2026-10-25T13:00:00.000+01:00,2026-10-25T14:00:00.000+01:00,0.36,reading\r\n2026-10-25T14:00:00.000+01:00,2026-10-25T15:00:00.000+01:00,,\r\n',
    });
    expect(get('history/course.csv', { ...between, quantity: 'flow_temperature' })).toMatchObject({
      csv: expect.stringContaining('\r\n2026-10-25T13:00:00.000+01:00,-1.5,-1.5,-1.5\r\n'),
    });
  });

  it.each([
    [{ quantity: 'nothing' }, /Nothing is kept of "nothing"/],
    [{ from: 'yesterday' }, /"from" must be a time/],
    [{ to: 946_684_800_000 }, /earlier/],
    [{ by: 'week' }, /"by" must be one of/],
    [{ from: 946_684_800_000 }, /more than 1500 bars/],
    [{ quantity: 'flow_temperature' }, /no counter/],
  ])('refuses %j in plain words', (wrong, words) => {
    const { take, get } = house();
    take('80.00', Date.UTC(2026, 9, 25, 12));
    const right = { quantity: 'heat_energy', by: 'hour', from: 1.7e12, to: 1.7e12 + HOUR };
    expect(() => get('history/consumption', { ...right, ...wrong })).toThrow(words);
    expect(() => get('history', {}, 'Nobody')).toThrow('No meter is called "Nobody".');
  });

  it('says in plain words what keeps it from looking, and readings go on', () => {
    const first = house();
    const at = Date.UTC(2026, 9, 25, 12);
    hourly(first.take, at, 40);
    first.recorder.stop();
    damageTables(first.file);
    const { get, take, logger } = house({}, at, first.file);
    const problem = expect.stringMatching(/^The history .* cannot be read: .*malformed.*Restart the program/);
    expect(json(get('history'))).toMatchObject({ problem, quantities: [] });
    const asked = { quantity: 'heat_energy', by: 'hour', from: at, to: at + HOUR };
    expect(() => get('history/consumption', asked)).toThrow(Refused);
    expect(() => take('90.00', at + 50 * HOUR)).not.toThrow();
    expect(json(get('history'))).toMatchObject({ problem: expect.stringContaining('malformed') });
    expect(logger.told.filter((line) => line.includes('cannot be read'))).toHaveLength(1);
  });

  it('refuses in plain words what breaks between two answers', () => {
    const { get, take, recorder } = house();
    const at = Date.UTC(2026, 9, 25, 12);
    hourly(take, at, 3);
    const { database } = recorder.store ?? {};
    const asked = { quantity: 'heat_energy', from: at, to: at + HOUR };
    database?.exec('ALTER TABLE hour RENAME TO gone');
    for (const ending of ['history/consumption', 'history/course.csv'])
      expect(() => get(ending, { ...asked, by: 'hour' })).toThrow(/cannot be read.*Ask again in a minute/);
  });

  it('opens a file that another program has locked as soon as that lets go', async () => {
    const file = `${temporaryFolder()}/history.db`;
    const other = openDatabase(file);
    other.exec('PRAGMA journal_mode = DELETE; CREATE TABLE other (a); BEGIN EXCLUSIVE');
    const { get, take, clock } = house({}, undefined, file);
    take('80.00', clock.now());
    expect(json(get('history'))).toMatchObject({ problem: expect.stringContaining('is locked') });
    expect(() => get('history/course', { quantity: 'heat_energy', from: 1.7e12, to: 1.8e12 })).toThrow(
      /is locked/,
    );
    other.exec('COMMIT; DROP TABLE other');
    other.close();
    await clock.advance(60_000);
    expect(json(get('history'))).toMatchObject({
      problem: null,
      quantities: [{ quantity: 'heat_energy' }, { quantity: 'flow_temperature' }],
    });
  });

  it('shows what there is while the disk is full, and says so', () => {
    const { get, take, recorder } = house();
    const at = Date.UTC(2026, 9, 25, 12);
    hourly(take, at, 3);
    const { database } = recorder.store ?? {};
    const pages = database?.prepare('PRAGMA page_count').get() as { page_count: number };
    database?.exec(`PRAGMA max_page_count = ${pages.page_count}`);
    hourly(take, at + 4 * HOUR, 900);
    expect(json(get('history'))).toMatchObject({
      problem: expect.stringContaining('full'),
      quantities: [{ quantity: 'heat_energy' }, { quantity: 'flow_temperature' }],
    });
    const asked = { quantity: 'heat_energy', by: 'hour', from: at, to: at + HOUR };
    expect(json(get('history/consumption', asked))).toMatchObject({ bars: [{ used: 0.01 }] });
  });

  it('is missing where no driver fits the machine: said once, and readings go on', () => {
    const load = vi.spyOn(Module as unknown as { _load: (name: string) => unknown }, '_load');
    onTestFinished(() => load.mockRestore());
    load.mockImplementation((name) => {
      throw new Error(`Cannot find module '@libsql/linux-mips64' for ${name}`);
    });
    const { get, take, recorder, logger, clock } = house();
    hourly(take, clock.now(), 5);
    expect(json(get('history'))).toMatchObject({
      problem:
        'No history is kept, because there is no SQLite for this kind of machine. All else works. Node 24 brings its own: run this program with that, or with a newer one.',
      quantities: [],
    });
    expect(() => get('history/course', { quantity: 'heat_energy', from: 1.7e12, to: 1.8e12 })).toThrow(
      /no SQLite/,
    );
    recorder.stop();
    expect(logger.told).toEqual([expect.stringMatching(/^warn No history is kept/)]);
  });

  it('has the price of a unit as it is published, and of what', () => {
    const { get, setLatest } = house({ heat_energy: 'MWh' });
    expect(json(get('history'))).toMatchObject({ price: null });
    setLatest(reading(60, number('80.00'), 'GJ'), reading(68, number('500.0'), 'm³'));
    expect(json(get('history'))).toMatchObject({
      price: {
        value: '100.5',
        unit: 'MWh',
        currency: 'DKK',
        quantities: ['heat_energy', 'heat_energy_fine'],
      },
    });
  });
});

describe('what today has used', () => {
  const MIDNIGHT = Date.UTC(2026, 9, 25, 23);
  const energy = (text: string, readAt: number): NumberReading => ({
    ...(reading(60, number(text), 'GJ') as NumberReading),
    readAt,
  });
  const config = { name: METER.name, price: 36, currency: 'DKK' };
  const { serialNumber } = METER;

  function day(units = {}) {
    const one = house(units, MIDNIGHT);
    const today = (total: NumberReading, ...others: readonly Reading[]) =>
      todayOf({ config, serialNumber, latest: [total, ...others], midnight: MIDNIGHT }, 'da', one.source);
    return { ...one, today };
  }

  it('goes on from what was read nearest to midnight, before it is written, with its cost', async () => {
    const { take, today, recorder, clock } = day();
    take('80.00', MIDNIGHT - HOUR);
    take('80.10', MIDNIGHT + 4_000);
    await clock.advance(60_000);
    expect(today(energy('80.10', MIDNIGHT + 4_000))).toMatchObject({ value: '0.00' });
    expect(today(energy('80.35', MIDNIGHT + 3 * HOUR))).toEqual({
      value: '0.25',
      unit: 'GJ',
      cost: '9,00\u00a0kr.',
    });
    // The first reading of the day, before it is written.
    expect(today(energy('80.10', MIDNIGHT + 2_000))).toBeNull();
    expect(recorder.written).toBeDefined();
  });

  it('is paid by the unit that is published', async () => {
    const { take, today, clock } = day({ heat_energy: 'MWh' });
    take('80.00', MIDNIGHT);
    await clock.advance(60_000);
    expect(today(energy('83.60', MIDNIGHT + HOUR))).toMatchObject({
      value: '1.000',
      unit: 'MWh',
      cost: '36,00\u00a0kr.',
    });
  });

  it('is what the meter counted finely, where that was asked for too', async () => {
    const { recorder, today, clock } = day();
    const fine = (text: string, readAt: number): Reading => ({
      ...energy(text, readAt),
      quantity: 'heat_energy_fine',
      register: null,
    });
    recorder.readingTaken(METER, [energy('80.00', MIDNIGHT), fine('80.00123', MIDNIGHT)]);
    await clock.advance(60_000);
    const later = MIDNIGHT + HOUR;
    expect(today(energy('80.01', later), fine('80.01456', later))).toMatchObject({ value: '0.01333' });
    expect(today(energy('80.01', later), fine('80.00123', MIDNIGHT))).toMatchObject({ value: '0.01' });
  });

  it('is not counted from long before midnight, from another meter, nor by a counter that went back', async () => {
    const { take, today, clock } = day();
    const figure = { ...energy('0.50', MIDNIGHT), quantity: 'heat_energy_day', register: null };
    take('80.00', MIDNIGHT - 6 * HOUR);
    await clock.advance(60_000);
    expect(today(energy('81.00', MIDNIGHT + HOUR))).toBeNull();
    expect(today(energy('81.00', MIDNIGHT + HOUR), figure)).toMatchObject({ value: '0.50' });
    take('81.00', MIDNIGHT + 4_000);
    await clock.advance(60_000);
    expect(today(energy('81.20', MIDNIGHT + HOUR))).toMatchObject({ value: '0.20' });
    expect(today(energy('80.90', MIDNIGHT + HOUR))).toBeNull();
    expect(today(energy('80.90', MIDNIGHT - HOUR))).toBeNull();
    const { source } = day();
    const other = {
      config,
      serialNumber: '1',
      latest: [energy('90.00', MIDNIGHT + HOUR)],
      midnight: MIDNIGHT,
    };
    expect(todayOf(other, 'en', source)).toBeNull();
  });

  it('is nothing where the total is not believed, and is of the cold where nothing is heated', async () => {
    const { today, take, clock } = day();
    take('0.00', MIDNIGHT);
    await clock.advance(60_000);
    const doubted: Reading = {
      ...energy('1.00', MIDNIGHT),
      value: { kind: 'unknown', value: null, decimals: 2, cause: 'It failed.' },
    };
    const volume = { ...energy('0.7', MIDNIGHT), quantity: 'volume_day', register: null, unit: 'm³' };
    expect(today(doubted as NumberReading, reading(68, number('500.0'), 'm³'), volume)).toBeNull();
    const cold = { ...reading(63, number('7.00'), 'GJ'), readAt: MIDNIGHT };
    const colder = { ...energy('0.30', MIDNIGHT), quantity: 'cooling_energy_day', register: null };
    expect(today(energy('0.00', MIDNIGHT), cold, colder)).toMatchObject({ value: '0.30' });
  });

  it('begins at the midnight of the place', () => {
    const midnights = new Midnights();
    expect(midnights.before(MIDNIGHT + HOUR, ZONE)).toBe(MIDNIGHT);
    expect(midnights.before(MIDNIGHT - 1, ZONE)).toBe(MIDNIGHT - 25 * HOUR);
    expect(midnights.before(1_000, ZONE)).toBeUndefined();
  });
});
