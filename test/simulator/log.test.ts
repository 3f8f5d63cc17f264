import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PROFILES } from '../../src/catalogue/families.ts';
import { METER_MODEL_NAMES } from '../../src/catalogue/family.ts';
import { readableLoggers } from '../../src/catalogue/logs.ts';
import { UNIT } from '../../src/catalogue/units.ts';
import { applicationBytes } from '../../src/kmp/bytes.ts';
import { parseFault } from '../../src/simulator/faults.ts';
import { isModelName, MODELS, type ModelName } from '../../src/simulator/models/models.ts';
import { column, LogQuestions, rowTexts } from './support/log-questions.ts';
import { bench, registerRequest, serialNumberRequest, texts } from './support/virtual-line.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** A simulation begins then, unless told otherwise. */
const BEGAN = Date.UTC(2026, 0, 15, 9, 30);

const flagsOf = ({ flags }: { readonly flags: ReadonlySet<string> }): string[] => [...flags].sort();

beforeEach(() => {
  vi.stubEnv('TZ', 'Europe/Copenhagen');
});
afterEach(() => {
  vi.unstubAllEnvs();
});

describe('the log of a 603', () => {
  // biome-ignore format: a table reads best in rows
  it.each([
    ['its year logger', '803FB8050270EE0D',
      '403FB805020101010100000100010000142B003C003F0061006E001BBF0041016A00440054005501710063007B017F007C007D011B7F007E007F0181001B7F00810182008203EC00AF005E003D003E005F006001D901DA004500E000E10048004902030152015C03EB03EAD5640D'],
    ['a logger that nobody has set', '803FB80707FFFF00010103EAB85E0D',
      '403FB807070001010000000000000000000103EA2F0400000000001F2F0D'],
  ])('answers as a real meter did (jktjkt/PyKMP): %s', async (_, asked, answered) => {
    const { ask, heard } = bench({ model: '603' });
    await ask(Uint8Array.from(Buffer.from(asked, 'hex')));
    expect(heard.hex).toBe(answered);
  });

  it('has two new years behind it, and tells them as a real meter did', async () => {
    const questions = new LogQuestions();
    await questions.from('year', 2, [1003], 2);
    expect(questions.line.heard.hex).toBe(
      '403FB81BF902000201000000020000000200C003EB3004000003F8050003D0F5AA3A0D',
    );
  });

  it.each([
    ['year', 20, 2, 1],
    ['month', 36, 24, 1],
    ['day', 460, 723, 264],
    ['hour', 72, 17_344, 17_273],
    ['minute-1', 960, 69_376, 68_417],
  ] as const)('keeps its %s logger: of %i rows the newest is %i, the oldest %i', async (logger, depth, newest, oldest) => {
    const questions = new LogQuestions();
    expect(await questions.configuration(logger)).toMatchObject({
      depth,
      interval: logger === 'minute-1' ? 15 : 0,
    });
    const page = await questions.newest(logger, [60], 1, 0xffff);
    expect([page.newestId, page.rows.map(({ id }) => id)]).toEqual([newest, [oldest]]);
    expect(flagsOf(page)).toEqual(['oldest-included']);
  });

  it('stamps the end of a day some seconds after midnight, and of a year on 1 January', async () => {
    const questions = new LogQuestions();
    expect(rowTexts((await questions.newest('day', [348, 1003, 1002])).rows)).toEqual([
      { 348: '2026-01-15T00:00:04', 1003: '2026-01-15', 1002: '00:00:04' },
    ]);
    expect(rowTexts((await questions.newest('year', [348])).rows)).toEqual([{ 348: '2026-01-01T00:00:04' }]);
    expect(rowTexts((await questions.newest('hour', [348])).rows)).toEqual([{ 348: '2026-01-15T10:00:04' }]);
  });

  it('has 23 hours on the day that loses one, and the same hour twice where there is one more', async () => {
    // 30 March and 26 October 2025, as a meter of those days has them in its 72 hours.
    for (const [began, hours] of [
      ['2025-03-30T22:30:00Z', ['T00:00:04', 'T01:00:04', 'T03:00:04', 'T04:00:04']],
      ['2025-10-26T22:30:00Z', ['T01:00:04', 'T02:00:04', 'T02:00:04', 'T03:00:04']],
    ] as const) {
      vi.stubEnv('TZ', 'Europe/Copenhagen');
      const questions = new LogQuestions({ clockError: Date.parse(began) - BEGAN });
      const stamps = rowTexts(await questions.all('hour', [348])).map((row) => row[348] ?? '');
      const day = stamps.filter((stamp) => stamp.startsWith(began.slice(0, 10))).reverse();
      const first = day.findIndex((stamp) => stamp.endsWith(hours[0]));
      expect(day.slice(first, first + 4).map((stamp) => stamp.slice(10))).toEqual(hours);
    }
  });

  it('goes from what the meter shows back to nothing, never up', async () => {
    const questions = new LogQuestions();
    const [now] = await questions.line.ask(registerRequest([60, 68, 97, 110, 1004]));
    for (const logger of ['year', 'month', 'day', 'hour'] as const) {
      const rows = await questions.all(logger, [60, 68, 97, 110, 1004]);
      for (const register of [60, 68, 97, 110]) {
        const all = [Number(texts(now)[register]), ...column(rows, register)];
        expect(all.slice(1).every((value, index) => value <= (all[index] ?? 0) && value >= 0)).toBe(true);
      }
    }
    expect(column(await questions.all('month', [1004]), 1004).at(-1)).toBe(197);
  });

  it('holds what the house burnt until then, to the last digit', async () => {
    const questions = new LogQuestions();
    const [meter] = questions.line.simulator.meters;
    const rows = await questions.all('day', [60, 68]);
    expect(rows).toHaveLength(460);
    for (const [index, midnight] of [
      [0, '2026-01-14T23:00:00Z'],
      [200, '2025-06-28T22:00:00Z'],
      [459, '2024-10-12T22:00:00Z'],
    ] as const) {
      const totals = meter?.pastTotals(Date.parse(midnight));
      expect(column(rows, 60)[index]).toBe(Math.floor((totals?.heatEnergy ?? 0) * 3.6e-3) / 1000);
      expect(column(rows, 68)[index]).toBe(Math.floor((totals?.volume ?? 0) / 10) / 100);
    }
  });

  it('has means, and peaks with their dates, of the period that a row ends', async () => {
    const questions = new LogQuestions();
    const [day] = rowTexts((await questions.newest('day', [379, 380])).rows);
    expect(Number(day?.[379])).toBeGreaterThan(Number(day?.[380]));
    const [month] = rowTexts((await questions.newest('month', [142, 389, 143, 144, 145])).rows);
    expect([month?.[142], month?.[144]]).toEqual([
      expect.stringMatching(/^2025-12-|^2026-01-01$/),
      expect.stringMatching(/^2025-12-|^2026-01-01$/),
    ]);
    expect(Number(month?.[143])).toBeGreaterThan(Number(month?.[145]));
  });

  it('is the same in every run, and another one for another meter', async () => {
    const days = async (serialNumber: number) =>
      column(await new LogQuestions({ serialNumber }).all('day', [60]), 60);
    expect(await days(1)).toEqual(await days(1));
    expect(await days(2)).not.toEqual(await days(1));
  });
});

describe('a page of a log', () => {
  it('ends where the buffer of the meter does, and says so', async () => {
    const questions = new LogQuestions({ logReplyBytes: 64 });
    const page = await questions.newest('day', [60, 68, 1003], 0xffff);
    // 16 bytes before the records, a first row of 27, then rows of 12.
    expect(page.rows.map(({ id }) => id)).toEqual([723, 722]);
    expect(flagsOf(page)).toEqual(['newest-included', 'truncated']);
    const next = await questions.from('day', 721, [60, 68, 1003], 2);
    expect([next.rows.map(({ id }) => id), flagsOf(next)]).toEqual([[721, 720], []]);
    expect(questions.line.simulator.statistics.logged).toEqual([
      { logger: 'day', ids: [723, 722] },
      { logger: 'day', ids: [721, 720] },
    ]);
  });

  it('has the registers in the order asked, without those that the logger does not keep', async () => {
    const page = await new LogQuestions().newest('hour', [68, 1001, 60]);
    expect(page.rows.map(({ records }) => records.map(({ id }) => id))).toEqual([[68, 60]]);
    expect(flagsOf(page)).toEqual(['newest-included', 'unsupported-register']);
  });

  it('has no rows for ids that the meter does not have', async () => {
    const questions = new LogQuestions();
    for (const id of [724, 263]) {
      const page = await questions.from('day', id, [60], 5);
      expect([page.rows, page.newestId, flagsOf(page)]).toEqual([[], 723, ['out-of-range']]);
    }
  });

  it('may be another one on a bad line: of older rows, with a good checksum', async () => {
    const questions = new LogQuestions();
    questions.line.simulator.setFaults([parseFault('foreign-reply:1')]);
    const ids = async () => (await questions.from('day', 700, [60], 2)).rows.map(({ id }) => id);
    expect(await ids()).toEqual([699, 698]);
    expect(await ids()).toEqual([700, 699]);
  });

  it.each([
    ['nothing', applicationBytes([0xb8, 6, 4, 0, 0, 2, 0xd3, 0, 0, 1, 0, 60])],
    ['no registers', applicationBytes([0xb8, 6, 4, 0, 0, 2, 0xd3, 0, 1, 0])],
    ['a logger that there is not', applicationBytes([0xb8, 5, 0xff])],
    ['a command that nobody knows', applicationBytes([0xb8, 8, 4])],
  ])('is none where somebody asks for %s: the meter falls silent', async (_, asked) => {
    const questions = new LogQuestions();
    expect(await questions.ask(asked)).toBeUndefined();
    expect(questions.line.simulator.statistics.badRequests).toBe(1);
  });
});

describe('while a simulation runs', () => {
  it('rows are written when their period is over, with what the meter counted until then', async () => {
    const questions = new LogQuestions({ speed: 60 });
    const { clock, ask } = questions.line;
    // 10:30 here; half an hour is half a minute.
    await clock.advance(29_000);
    const before = texts((await ask(registerRequest([60, 68, 1004]), 500))[0]);
    await clock.advance(5_000);
    const page = await questions.newest('hour', [60, 68, 348, 381], 2);
    expect(page.rows.map(({ id }) => id)).toEqual([17_345, 17_344]);
    const [row, older] = rowTexts(page.rows);
    expect(row?.[348]).toBe('2026-01-15T11:00:04');
    expect(Number(row?.[60])).toBeGreaterThanOrEqual(Number(before[60]));
    expect(Number(row?.[60]) - Number(before[60])).toBeLessThan(0.002);
    expect(Number(older?.[60])).toBeLessThan(Number(before[60]));
    expect(Number(row?.[381])).toBeGreaterThan(50);
  });

  it('a row is there when the meter has stamped it, not before', async () => {
    const questions = new LogQuestions({ clockError: 29.5 * 60_000 });
    const newest = async () => (await questions.newest('hour', [60, 348])).newestId;
    await questions.line.clock.advance(31_000);
    // One second after the hour, and then thirteen.
    expect([await newest(), await newest()]).toEqual([17_344, 17_345]);
  });

  it('the ring turns, and nothing goes back at the beginning of the simulation', async () => {
    const questions = new LogQuestions({ speed: 3600 });
    await questions.line.clock.advance(24_000 * 3);
    const rows = await questions.all('hour', [60]);
    expect(rows.length).toBe(72);
    const energies = column(rows, 60);
    expect(energies.every((value, index) => index === 0 || value <= (energies[index - 1] ?? 0))).toBe(true);
    const days = await questions.newest('day', [60], 5);
    expect(days.newestId).toBeGreaterThan(725);
    const [today = 0, , , earlier = 0] = column(days.rows, 60);
    expect(today).toBeGreaterThan(earlier);
    // It has turned: the oldest of the beginning is gone.
    expect(flagsOf(await questions.from('day', 264, [60]))).toEqual(['out-of-range']);
  });

  it('another unit ends a page, which says so', async () => {
    const questions = new LogQuestions({ speed: 3600 });
    const [meter] = questions.line.simulator.meters;
    meter?.setRegister(60, { unit: UNIT.megaWattHour, length: 4, decimals: 3, source: 'heatEnergy' });
    await questions.line.clock.advance(2_500);
    const page = await questions.newest('hour', [60], 10);
    expect(page.rows.map(({ records }) => records[0]?.unit)).toEqual([UNIT.megaWattHour]);
    expect(flagsOf(page)).toEqual(['format-changed', 'newest-included']);
  });

  it('rows hold what the meter complained about at the time', async () => {
    const questions = new LogQuestions({ speed: 3600, conditions: ['air'] });
    const [meter] = questions.line.simulator.meters;
    await questions.line.clock.advance(1_000);
    meter?.setConditions([]);
    await questions.line.clock.advance(1_000);
    const rows = rowTexts((await questions.newest('hour', [369, 74], 30)).rows);
    const codes = rows.map((row) => row[369]);
    expect(codes).toContain('256');
    expect([codes[0], codes.at(-1)]).toEqual(['0', '0']);
  });

  it('a log that begins anew begins with 1', async () => {
    const questions = new LogQuestions({ speed: 3600 });
    questions.line.simulator.meters[0]?.beginLogAnew();
    const empty = await questions.newest('day', [60]);
    expect([empty.rows, empty.newestId, flagsOf(empty)]).toEqual([[], 0, ['empty']]);
    await questions.line.clock.advance(24_000);
    const page = await questions.newest('day', [60, 1003], 5);
    expect(page.rows.map(({ id }) => id)).toEqual([1]);
    expect(flagsOf(page)).toEqual(['newest-included', 'oldest-included']);
  });
});

describe('a meter with a past', () => {
  it('in which the power failed has no rows of that time: ids go on, stamps leap', async () => {
    const failure = { from: BEGAN - 40 * DAY, to: BEGAN - 30 * DAY };
    const questions = new LogQuestions({ powerFailures: [failure] });
    const rows = await questions.all('day', [1003, 60, 1004]);
    const ids = rows.map(({ id }) => id);
    expect(ids).toEqual(Array.from(ids, (_, index) => (ids[0] ?? 0) - index));
    expect(ids[0]).toBe(723);
    const stamps = rowTexts(rows).map((row) => row[1003]);
    const leap = stamps.indexOf('2025-12-17');
    expect(stamps.slice(leap - 1, leap + 2)).toEqual(['2025-12-18', '2025-12-17', '2025-12-06']);
    const hours = column(rows, 1004);
    expect((hours[leap] ?? 0) - (hours[leap + 1] ?? 0)).toBe(24);
  });

  it('whose clock is wrong stamps what its clock shows', async () => {
    const aDecade = new LogQuestions({ clockError: -10 * 365.25 * DAY });
    expect(rowTexts((await aDecade.newest('day', [1003])).rows)).toEqual([{ 1003: '2016-01-15' }]);
    const anHour = new LogQuestions({ clockError: HOUR });
    const [meter] = anHour.line.simulator.meters;
    const page = await anHour.newest('day', [68, 348]);
    expect(rowTexts(page.rows)[0]?.[348]).toBe('2026-01-15T00:00:04');
    // Its midnight is an hour before midnight.
    const totals = meter?.pastTotals(Date.parse('2026-01-14T22:00:00Z'));
    expect(column(page.rows, 68)[0]).toBe(Math.floor((totals?.volume ?? 0) / 10) / 100);
  });

  it('that keeps winter time ends its days an hour later in summer', async () => {
    const questions = new LogQuestions({ keepsWinterTime: true });
    const rows = await questions.all('day', [68, 348]);
    const summer = rowTexts(rows).findIndex((row) => row[348] === '2025-07-01T00:00:04');
    const totals = questions.line.simulator.meters[0]?.pastTotals(Date.parse('2025-06-30T23:00:00Z'));
    expect(column(rows, 68)[summer]).toBe(Math.floor((totals?.volume ?? 0) / 10) / 100);
    expect(rows[summer]?.records.find(({ id }) => id === 348)?.magnitude[0]).toBe(0);
  });
});

describe('meters of other families', () => {
  const NAMES = Object.keys(MODELS).filter(isModelName);
  const OF_LOGGERS: readonly ModelName[] = NAMES.filter((name) => MODELS[name].log?.dialect === 'logger');

  it('keep loggers where it is known how to ask for them', () => {
    expect(OF_LOGGERS).toEqual(['303', '403', '603', '803', 'kwm2231', '403-mwh', '403-long', '603-gcal']);
  });

  it.each(METER_MODEL_NAMES)('the %s keeps what the catalogue says of its family', (name) => {
    const { log } = PROFILES[name];
    const kept = MODELS[name].log;
    expect(kept?.dialect ?? null).toBe(log.dialect);
    const loggers = kept?.loggers ?? [];
    expect(loggers.map((each) => each.name)).toEqual(readableLoggers(log));
    for (const each of loggers) expect(each.depth).toBe(log.depths[each.name] ?? each.depth);
  });

  it.each(OF_LOGGERS)('the %s has every register that its loggers list', async (model) => {
    const questions = new LogQuestions({ model });
    for (const { name, registers, interval } of MODELS[model].log?.loggers ?? []) {
      expect((await questions.configuration(name))?.registers).toEqual(registers);
      if (interval === 0) continue;
      const [row] = (await questions.newest(name, registers)).rows;
      const absent = registers.filter((id) => !row?.records.some((each) => each.id === id));
      expect(absent).toEqual([]);
    }
  });

  it.each([
    ['402 says nothing', { model: '402' }],
    ['602 says nothing', { model: '602' }],
    ['21 says nothing', { model: '21' }],
    ['603 without a log says nothing', { withoutLog: true }],
  ] as const)('a %s', async (_, meter) => {
    const questions = new LogQuestions(meter);
    expect(await questions.configuration('day')).toBeUndefined();
    expect(questions.line.simulator.statistics.badRequests).toBe(1);
    expect(await questions.line.ask(serialNumberRequest())).toHaveLength(1);
  });
});
