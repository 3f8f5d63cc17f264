import { describe, expect, it } from 'vitest';
import type { LogRow } from '../../src/kmp/log-row.ts';
import type { RegisterRecord } from '../../src/kmp/register.ts';
import type { LogRows } from '../../src/link/log-answer.ts';
import type { MeterSession } from '../../src/link/session.ts';
import { valuesIn } from '../../src/loggers/decoded-row.ts';
import { LogMemory } from '../../src/loggers/log-memory.ts';
import type { LogProgress, LogReading } from '../../src/loggers/log-reading.ts';
import { LogWalk } from '../../src/loggers/log-walk.ts';
import type { LoggedRow } from '../../src/loggers/logged-row.ts';
import { seenClock } from '../../src/loggers/seen-clock.ts';
import { KeptLog } from './support/kept-log.ts';
import { dateRecord, dateTimeRecord, energyRecord, logRow } from './support/rows.ts';

const DAY = 86_400_000;
const NOW = Date.parse('2026-01-15T09:00:00Z');
const LISTED = [60, 68, 348, 1003, 1002];

/** One a day, the newest of this morning. */
function daysTo(newest: number, count: number): readonly LogRow[] {
  return Array.from({ length: count }, (_, back) => {
    const date = new Date(NOW - back * DAY).toISOString().slice(0, 10);
    return logRow(newest - back, dateRecord(date), energyRecord(8000 - 10 * back));
  });
}

/** Whoever keeps what comes, as the history does. */
class Keeper {
  rows: readonly LoggedRow[] = [];
  readonly pages: (readonly number[])[] = [];
  readonly progress: LogProgress[] = [];
  anew = 0;
  readonly memory = new LogMemory();

  /** `totals`: what the meter has counted by now. */
  read(
    log: KeptLog,
    more: Partial<LogReading> = {},
    totals: readonly RegisterRecord[] = [energyRecord(8005)],
  ): ReturnType<LogWalk['run']> {
    const clock = seenClock([dateTimeRecord('2026-01-15T10:00:00')], NOW, 'Europe/Copenhagen');
    const look = { serialNumber: '6655443', clock, totals: valuesIn(totals) };
    const visit = <Result>(use: (session: MeterSession) => Promise<Result>): Promise<Result> =>
      use(undefined as unknown as MeterSession);
    const reading: LogReading = {
      loggers: ['day'],
      known: (_logger, registers) =>
        this.rows
          .filter(({ values }) => registers.every((id) => values.some(({ register }) => register === id)))
          .map(({ id }) => ({ from: id, to: id })),
      knownRows: () => this.rows,
      got: (rows) => {
        this.pages.push(rows.map(({ id }) => id));
        this.rows = [...this.rows, ...rows].sort((a, b) => a.id - b.id);
      },
      beganAnew: () => {
        this.anew++;
        this.rows = [];
      },
      progressed: (progress) => this.progress.push(progress),
      ...more,
    };
    return new LogWalk('day', { access: log, visit, memory: this.memory, look }, reading).run();
  }

  get ids(): readonly number[] {
    return this.rows.map(({ id }) => id);
  }
}

const range = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe('reading a log that is not known', () => {
  it('brings every row once, newest first, a page at a time', async () => {
    const log = new KeptLog({ rows: daysTo(645, 460), page: 23, registers: LISTED });
    const keeper = new Keeper();
    expect(await keeper.read(log)).toEqual({ logger: 'day', rows: 460, isComplete: true });
    expect(keeper.ids).toEqual(range(186, 645));
    expect(keeper.pages[0]?.[0]).toBe(645);
    expect(keeper.pages.every((page) => page.length === 23)).toBe(true);
    expect(log.asked).toHaveLength(20 + 1);
    expect(keeper.rows.every(({ endedAt }) => endedAt !== null)).toBe(true);
    expect(keeper.progress[0]).toEqual({ logger: 'day', rows: 0, of: 460 });
    expect(keeper.progress.at(-1)).toEqual({ logger: 'day', rows: 460, of: 460 });
  });

  it('asks for the date alone, and only for totals that have counted', async () => {
    const log = new KeptLog({ rows: daysTo(645, 5), registers: LISTED });
    await new Keeper().read(log);
    expect(log.asked.at(-1)?.registers).toEqual([1003, 60]);
  });

  it.each([
    { upwards: false, order: 'oldest' },
    { upwards: true, order: 'newest' },
    { upwards: true, order: 'oldest' },
  ] as const)('brings every row once whichever way round: %o', async ({ upwards, order }) => {
    const log = new KeptLog({ rows: daysTo(645, 100), page: 7, upwards, registers: LISTED });
    const keeper = new Keeper();
    expect(await keeper.read(log, { order })).toMatchObject({ rows: 100, isComplete: true });
    expect(keeper.ids).toEqual(range(546, 645));
    const second = keeper.pages[1] ?? [];
    // The first page only shows how many fit.
    expect(order === 'oldest' ? Math.min(...second) : Math.max(...second)).toBe(
      order === 'oldest' ? (upwards ? 553 : 546) : 645,
    );
  });

  it('brings more registers than one request takes, row by row', async () => {
    const registers = [60, ...range(61, 75)];
    const rows = daysTo(30, 30).map(({ id, records }) =>
      logRow(id, ...records, ...range(61, 75).map((each) => ({ ...energyRecord(each), id: each }))),
    );
    const log = new KeptLog({ rows, page: 10, registers: [...registers, 1003] });
    const keeper = new Keeper();
    await keeper.read(log, { wanted: 'all' });
    expect(keeper.rows).toHaveLength(30);
    expect(keeper.rows.every(({ values }) => values.length === 16)).toBe(true);
  });

  it('goes only as far back as somebody wants', async () => {
    const log = new KeptLog({ rows: daysTo(645, 460), page: 23, registers: LISTED });
    const keeper = new Keeper();
    await keeper.read(log, { since: NOW - 10 * DAY });
    expect(keeper.ids).toEqual(range(635, 645));
  });

  it('goes on beyond rows of which nobody knows when they ended', async () => {
    // From row 640 down its clock was another.
    const rows = [...daysTo(645, 5), ...daysTo(640, 200)];
    const log = new KeptLog({ rows, page: 5, registers: LISTED });
    const keeper = new Keeper();
    await keeper.read(log, { since: NOW - 15 * DAY });
    expect(keeper.rows.some(({ endedAt }) => endedAt === null)).toBe(true);
    expect(keeper.ids).toEqual(range(630, 645));
  });
});

describe('reading on', () => {
  it('asks for nothing where everything is known, and only for what is new otherwise', async () => {
    const keeper = new Keeper();
    const log = new KeptLog({ rows: daysTo(645, 460).slice(1), page: 23, registers: LISTED });
    await keeper.read(log);
    const before = log.asked.length;
    expect(await keeper.read(log)).toEqual({ logger: 'day', rows: 0, isComplete: true });
    expect(log.asked).toHaveLength(before);
    log.kept = daysTo(645, 460);
    expect(await keeper.read(log)).toMatchObject({ rows: 1, isComplete: true });
    expect(log.asked.slice(before).map(({ from, to }) => [from, to])).toEqual([[644, 645]]);
    expect(log.configured).toBe(1);
  });

  it('asks for no row again because a total has begun to count, but where a row lacks it for another reason', async () => {
    const coolingRecord = (thousandths: number) => ({ ...energyRecord(thousandths), id: 63 });
    const cooled = (rows: readonly LogRow[], since: number) =>
      rows.map(({ id, records }) => logRow(id, ...records, coolingRecord(Math.max(0, id - since))));
    const registers = [...LISTED, 63];
    const keeper = new Keeper();
    const log = new KeptLog({ rows: cooled(daysTo(645, 100).slice(2), 643), page: 23, registers });
    await keeper.read(log, {}, [energyRecord(8005), coolingRecord(0)]);
    const before = log.asked.length;
    const now = [energyRecord(8005), coolingRecord(2)];
    expect(await keeper.read(log, {}, now)).toEqual({ logger: 'day', rows: 0, isComplete: true });
    expect(log.asked).toHaveLength(before);
    for (const newest of [1, 0]) {
      log.kept = cooled(daysTo(645, 100).slice(newest), 643);
      expect(await keeper.read(log, {}, now)).toMatchObject({ rows: 1, isComplete: true });
    }
    expect(keeper.rows.map(({ values }) => values.length).slice(-3)).toEqual([1, 2, 2]);
    keeper.rows = keeper.rows.map((row) =>
      row.id === 645 ? { ...row, values: row.values.slice(0, 1) } : row,
    );
    expect(await keeper.read(log, {}, now)).toMatchObject({ rows: 1 });
    // Somebody wants all that there is.
    expect(await keeper.read(log, { wanted: 'all' }, now)).toMatchObject({ rows: 100 });
  });

  it.each([
    1, 2, 3, 5, 8,
  ])('goes on where it was cut after %i pages, and loses and repeats none', async (whole) => {
    const log = new KeptLog({ rows: daysTo(645, 100), page: 10, registers: LISTED });
    const keeper = new Keeper();
    for (let cut = 0; cut < 120 && keeper.rows.length < 100; cut++) {
      let pages = 0;
      log.before = () => {
        if (++pages > whole) throw new Error('cut');
      };
      await keeper.read(log).catch(() => {});
    }
    expect(keeper.ids).toEqual(range(546, 645));
    expect(keeper.pages.flat()).toHaveLength(100);
    expect(keeper.rows.every(({ endedAt }) => endedAt !== null)).toBe(true);
  });

  it('ends after a page where somebody wants that', async () => {
    const log = new KeptLog({ rows: daysTo(645, 100), page: 10, registers: LISTED });
    const keeper = new Keeper();
    const ending = new AbortController();
    log.before = () => ending.abort();
    expect(await keeper.read(log, { signal: ending.signal })).toMatchObject({ isComplete: false });
    expect(keeper.rows.length).toBeLessThanOrEqual(10);
  });

  it('takes rows that the ring has dropped as gone, and does not ask for numbers that it never wrote again', async () => {
    const rows = daysTo(645, 100).filter(({ id }) => id !== 600 && id !== 601);
    const log = new KeptLog({ rows, page: 10, registers: LISTED });
    const keeper = new Keeper();
    expect(await keeper.read(log)).toMatchObject({ rows: 98, isComplete: true });
    const before = log.asked.length;
    await keeper.read(log);
    expect(log.asked).toHaveLength(before);
  });
});

describe('a log that has begun anew', () => {
  it('is seen by lower numbers', async () => {
    const keeper = new Keeper();
    await keeper.read(new KeptLog({ rows: daysTo(645, 100), registers: LISTED }));
    const log = new KeptLog({ rows: daysTo(20, 20), registers: LISTED });
    expect(await keeper.read(log)).toMatchObject({ rows: 20, isComplete: true });
    expect(keeper.anew).toBe(1);
    expect(keeper.ids).toEqual(range(1, 20));
  });

  it('is seen by another row under a known number, before any new one is kept', async () => {
    const keeper = new Keeper();
    await keeper.read(new KeptLog({ rows: daysTo(645, 100).slice(30), registers: LISTED }));
    const others = daysTo(645, 100).map(({ id, records: [date, energy] }) =>
      logRow(id, date as NonNullable<typeof date>, {
        ...(energy as NonNullable<typeof energy>),
        id: 60,
        unit: 3,
      }),
    );
    const seen: number[] = [];
    const log = new KeptLog({ rows: others, registers: LISTED });
    await keeper.read(log, { beganAnew: () => seen.push(keeper.pages.flat().length) });
    expect(seen).toEqual([70]);
  });
});

describe('rows that cannot be', () => {
  const backwards = ({ rows, ...page }: LogRows): LogRows => ({
    ...page,
    rows: rows.map((row) =>
      row.id === 620 ? logRow(620, dateRecord('2025-12-21'), energyRecord(9999)) : row,
    ),
  });

  it('are asked for once more, because a damaged reply may look sound', async () => {
    const log = new KeptLog({ rows: daysTo(645, 50), page: 10, registers: LISTED });
    let spoilt = 0;
    log.through = (page) => {
      if (!page.rows.some(({ id }) => id === 620) || spoilt++ > 0) return page;
      return backwards(page);
    };
    const keeper = new Keeper();
    expect(await keeper.read(log)).toEqual({ logger: 'day', rows: 50, isComplete: true });
    expect(keeper.rows.every(({ endedAt }) => endedAt !== null)).toBe(true);
    expect(keeper.rows.find(({ id }) => id === 620)?.values[0]?.value?.toString()).toBe('7.75');
  });

  it('and are so again have no moment, with a word why', async () => {
    const log = new KeptLog({ rows: daysTo(645, 50), page: 10, registers: LISTED });
    log.through = backwards;
    const keeper = new Keeper();
    const { reason, isComplete } = await keeper.read(log);
    expect([isComplete, reason]).toEqual([
      true,
      expect.stringMatching(/^Up to row 620 .*heat energy went back\.$/),
    ]);
    expect(keeper.rows.filter(({ endedAt }) => endedAt === null).map(({ id }) => id)).toEqual(
      range(596, 620),
    );
  });

  it('are those of another meter, handed over by a gateway: the page that comes then counts', async () => {
    const log = new KeptLog({ rows: daysTo(645, 50), page: 10, registers: LISTED });
    let foreign = 0;
    log.through = (page) => {
      // Lower than ours, so that nothing goes back.
      const others = page.rows.map(({ id, records: [date] }) =>
        logRow(id, date as NonNullable<typeof date>, energyRecord(2000 + id)),
      );
      return page.rows.some(({ id }) => id === 620) && foreign++ === 0 ? { ...page, rows: others } : page;
    };
    const keeper = new Keeper();
    expect(await keeper.read(log)).toEqual({ logger: 'day', rows: 50, isComplete: true });
    const energies = keeper.rows.map(({ values }) => Number(values[0]?.value) * 1000);
    expect(energies.map(Math.round)).toEqual(range(0, 49).map((index) => 8000 - 10 * (49 - index)));
  });

  it('an answer that settles nothing ends the reading', async () => {
    const log = new KeptLog({ rows: daysTo(645, 50), page: 10, registers: LISTED });
    log.through = (page) => ({ ...page, rows: [], covered: { from: 5, to: 4 } });
    await expect(new Keeper().read(log)).rejects.toThrow(
      /asked for rows 596 to 645 of its day log.*none of them/,
    );
  });
});

describe('a meter that keeps winter time', () => {
  it('is known in winter by one row of the summer, asked for once', async () => {
    const rows = daysTo(645, 300).map(({ id, records }) => {
      const date = new Date(NOW - (645 - id) * DAY).toISOString().slice(0, 10);
      return logRow(id, ...records, dateTimeRecord(`${date}T00:00:02`));
    });
    const log = new KeptLog({ rows, page: 50, registers: LISTED });
    const keeper = new Keeper();
    await keeper.read(log);
    const july = keeper.rows.find(({ meterTime }) => meterTime === '2025-07-15T00:00:00');
    expect(new Date(july?.endedAt ?? 0).toISOString()).toBe('2025-07-14T23:00:00.000Z');
    expect(log.asked.filter(({ registers }) => registers.includes(348))).toHaveLength(1);
  });
});
