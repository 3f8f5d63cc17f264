import { describe, expect, it } from 'vitest';
import type { LoggerName } from '../../src/catalogue/loggers.ts';
import type { LogRow } from '../../src/kmp/log-row.ts';
import type { RegisterRecord } from '../../src/kmp/register.ts';
import { Dating } from '../../src/loggers/dating.ts';
import { decodedRow, valuesIn } from '../../src/loggers/decoded-row.ts';
import type { LoggedRow } from '../../src/loggers/logged-row.ts';
import { seenClock } from '../../src/loggers/seen-clock.ts';
import { clockRecord, dateRecord, dateTimeRecord, energyRecord, logRow } from './support/rows.ts';

const ZONE = 'Europe/Copenhagen';
const HOUR = 3_600_000;

interface Seen {
  readonly logger?: LoggerName;
  readonly timezone?: string;
  /** The computer's clock. */
  readonly now: string;
  /** The meter's. */
  readonly clock: readonly RegisterRecord[];
  readonly energy?: number;
  readonly newest: number;
  readonly known?: readonly LoggedRow[];
  readonly keepsWinterTime?: boolean;
}

function datingOf({
  logger = 'day',
  timezone = ZONE,
  now,
  clock,
  energy = 9000,
  newest,
  ...rest
}: Seen): Dating {
  const seen = seenClock(clock, Date.parse(now), timezone);
  const totals = valuesIn([energyRecord(energy)]);
  const winter = rest.keepsWinterTime ?? seen?.keepsWinterTime;
  return new Dating(logger, seen, winter, { newest, totals }, rest.known ?? []);
}

function ends(
  dating: Dating,
  rows: readonly LogRow[],
  logger: LoggerName = 'day',
): readonly (string | null)[] {
  const dated = dating.date(rows.map((row) => decodedRow(logger, row)));
  return dated.map(({ endedAt }) => (endedAt === null ? null : new Date(endedAt).toISOString()));
}

const days = (newest: number, ...dates: readonly string[]): readonly LogRow[] =>
  dates.map((date, index) => logRow(newest - index, dateRecord(date), energyRecord(8000 - index)));

describe('the end of a day', () => {
  it('is the midnight of the place, on both sides of both changes of clocks', () => {
    const autumn = datingOf({
      now: '2026-10-27T09:00:00Z',
      clock: [dateTimeRecord('2026-10-27T10:00:00')],
      newest: 300,
    });
    expect(ends(autumn, days(300, '2026-10-27', '2026-10-26', '2026-10-25', '2026-10-24'))).toEqual([
      '2026-10-26T23:00:00.000Z',
      '2026-10-25T23:00:00.000Z',
      '2026-10-24T22:00:00.000Z',
      '2026-10-23T22:00:00.000Z',
    ]);
    const spring = datingOf({
      now: '2026-03-30T09:00:00Z',
      clock: [dateTimeRecord('2026-03-30T10:00:00', 60)],
      newest: 300,
    });
    expect(ends(spring, days(300, '2026-03-30', '2026-03-29'))).toEqual([
      '2026-03-29T22:00:00.000Z',
      '2026-03-28T23:00:00.000Z',
    ]);
  });

  it('comes an hour later in summer where a meter keeps winter time all year', () => {
    const dating = datingOf({
      now: '2026-07-15T09:00:00Z',
      clock: [dateTimeRecord('2026-07-15T10:00:00', 0)],
      newest: 300,
    });
    expect(ends(dating, days(300, '2026-07-15'))).toEqual(['2026-07-14T23:00:00.000Z']);
  });

  it('stays where it is when the clock drifts by some minutes, and some seconds after it', () => {
    const dating = datingOf({
      now: '2026-01-15T09:00:00Z',
      clock: [dateTimeRecord('2026-01-15T10:07:30')],
      newest: 300,
    });
    const row = logRow(300, dateTimeRecord('2026-01-15T00:00:04'), energyRecord(8000));
    expect(ends(dating, [row])).toEqual(['2026-01-14T23:00:00.000Z']);
  });

  it('at 24:00 is the beginning of the next day', () => {
    const dating = datingOf({
      now: '2025-01-01T09:00:00Z',
      clock: [dateRecord('2025-01-01'), clockRecord('10:00:00')],
      newest: 300,
    });
    const row = logRow(300, dateRecord('2024-12-31'), clockRecord('24:00:07'), energyRecord(8000));
    expect(ends(dating, [row])).toEqual(['2024-12-31T23:00:00.000Z']);
    expect(decodedRow('day', row).meterTime).toBe('2025-01-01T00:00:07');
  });

  it('of a clock that is an hour or ten years wrong is put right', () => {
    const fast = datingOf({
      now: '2026-01-15T09:00:00Z',
      clock: [dateTimeRecord('2026-01-15T11:00:20')],
      newest: 300,
    });
    expect(ends(fast, days(300, '2026-01-15', '2026-01-14'))).toEqual([
      '2026-01-14T22:00:00.000Z',
      '2026-01-13T22:00:00.000Z',
    ]);
    const old = datingOf({
      now: '2026-01-15T09:00:00Z',
      clock: [dateTimeRecord('2016-01-15T10:00:00')],
      newest: 300,
    });
    const rows = days(300, '2016-01-15', '2016-01-14', '2016-01-11', '2016-01-10');
    // Three days for one number: who knows what was done to that clock.
    expect(ends(old, rows)).toEqual(['2026-01-14T23:00:00.000Z', '2026-01-13T23:00:00.000Z', null, null]);
    expect(old.reason).toMatch(/^Up to row 298 \(2016-01-11T00:00:00 .*clock was set\.$/);
  });

  it('is not known beyond the day on which somebody set the clock by years, be it now or before', () => {
    const right = datingOf({
      now: '2026-01-15T09:00:00Z',
      clock: [dateTimeRecord('2026-01-15T10:00:00')],
      newest: 300,
    });
    expect(ends(right, days(300, '2026-01-15', '2026-01-14', '2016-02-03', '2016-02-02'))).toEqual([
      '2026-01-14T23:00:00.000Z',
      '2026-01-13T23:00:00.000Z',
      null,
      null,
    ]);
    const justSet = datingOf({
      now: '2026-01-15T09:00:00Z',
      clock: [dateTimeRecord('2026-01-15T10:00:00')],
      newest: 300,
    });
    expect(ends(justSet, days(300, '2016-01-15', '2016-01-14'))).toEqual([null, null]);
    const ahead = datingOf({
      now: '2026-01-15T09:00:00Z',
      clock: [dateTimeRecord('2026-01-15T10:00:00')],
      newest: 300,
    });
    expect(ends(ahead, days(300, '2027-01-15'))).toEqual([null]);
  });

  it('is known across a fortnight without power, by the right clock', () => {
    const dating = datingOf({
      now: '2026-01-15T09:00:00Z',
      clock: [dateTimeRecord('2026-01-15T10:00:00')],
      newest: 300,
    });
    expect(ends(dating, days(300, '2026-01-15', '2026-01-01'))).toEqual([
      '2026-01-14T23:00:00.000Z',
      '2025-12-31T23:00:00.000Z',
    ]);
  });

  it('is not known where times or totals go back', () => {
    const seen: Seen = {
      now: '2026-01-15T09:00:00Z',
      clock: [dateTimeRecord('2026-01-15T10:00:00')],
      newest: 300,
    };
    const times = datingOf(seen);
    expect(ends(times, days(300, '2026-01-15', '2026-01-15', '2026-01-14'))).toEqual([
      '2026-01-14T23:00:00.000Z',
      null,
      null,
    ]);
    const totals = datingOf({ ...seen, energy: 120 });
    const rows = [
      logRow(300, dateRecord('2026-01-15'), energyRecord(100)),
      logRow(299, dateRecord('2026-01-14'), energyRecord(7000)),
    ];
    expect(ends(totals, rows)).toEqual(['2026-01-14T23:00:00.000Z', null]);
    expect(totals.reason).toMatch(/row 299 .*: after it, heat energy went back\.$/);
    // The meter stands lower than its own log: it was set to zero since.
    expect(ends(datingOf({ ...seen, energy: 3 }), rows.slice(0, 1))).toEqual([null]);
  });

  it('is not known while the meter has no time', () => {
    const dating = datingOf({
      now: '2026-01-15T09:00:00Z',
      clock: [dateTimeRecord('2000-00-00T00:00:00')],
      newest: 300,
    });
    expect(ends(dating, days(300, '2026-01-15'))).toEqual([null]);
    expect(dating.reason).toMatch(/clock is not set/);
  });
});

describe('the end of an hour', () => {
  const hours = (newest: number, ...records: readonly RegisterRecord[][]): readonly LogRow[] =>
    records.map((each, index) => logRow(newest - index, ...each, energyRecord(8000 - index)));

  it('is one an hour through the night in which an hour comes twice, with and without a word of daylight saving', () => {
    const expected = [
      '2026-10-25T02:00:00.000Z',
      '2026-10-25T01:00:00.000Z',
      '2026-10-25T00:00:00.000Z',
      '2026-10-24T23:00:00.000Z',
    ];
    const whole = datingOf({
      logger: 'hour',
      now: '2026-10-25T02:30:00Z',
      clock: [dateTimeRecord('2026-10-25T03:30:00')],
      newest: 70,
    });
    const told = hours(
      70,
      [dateTimeRecord('2026-10-25T03:00:00')],
      [dateTimeRecord('2026-10-25T02:00:00')],
      [dateTimeRecord('2026-10-25T01:00:00', 60)],
      [dateTimeRecord('2026-10-25T00:00:00', 60)],
    );
    expect(ends(whole, told, 'hour')).toEqual(expected);
    const apart = datingOf({
      logger: 'hour',
      now: '2026-10-25T02:30:00Z',
      clock: [dateRecord('2026-10-25'), clockRecord('03:30:00')],
      newest: 70,
    });
    const shown = ['03:00:00', '02:00:00', '02:00:00', '01:00:00'].map((time) => [
      dateRecord('2026-10-25'),
      clockRecord(time),
    ]);
    expect(ends(apart, hours(70, ...shown), 'hour')).toEqual(expected);
  });

  it('is one an hour in that night also where a meter keeps winter time and does not say so', () => {
    const dating = datingOf({
      logger: 'interval',
      now: '2026-10-25T02:30:00Z',
      clock: [dateRecord('2026-10-25'), clockRecord('03:30:00')],
      newest: 70,
    });
    const shown = ['03:00:00', '02:00:00', '01:00:00', '00:00:00'].map((time) => [
      dateRecord('2026-10-25'),
      clockRecord(time),
    ]);
    expect(ends(dating, hours(70, ...shown), 'interval')).toEqual([
      '2026-10-25T02:00:00.000Z',
      '2026-10-25T01:00:00.000Z',
      '2026-10-25T00:00:00.000Z',
      '2026-10-24T23:00:00.000Z',
    ]);
  });

  it('further back is read as the first such night has shown', () => {
    const rowAt = (id: number, date: string, time: string): LogRow =>
      logRow(id, dateRecord(date), clockRecord(time), energyRecord(7000 + id));
    const night = (times: readonly string[]) =>
      times.map((time, index) => rowAt(70 - index, '2026-10-25', time));
    for (const [times, end] of [
      [['03:00:00', '02:00:00', '01:00:00', '00:00:00'], '2026-10-20T11:00:00.000Z'],
      [['03:00:00', '02:00:00', '02:00:00', '01:00:00'], '2026-10-20T10:00:00.000Z'],
    ] as const) {
      const dating = datingOf({
        logger: 'interval',
        now: '2026-10-25T02:30:00Z',
        clock: [dateRecord('2026-10-25'), clockRecord('03:30:00')],
        newest: 70,
      });
      ends(dating, night(times), 'interval');
      expect(ends(dating, [rowAt(7, '2026-10-20', '12:00:00')], 'interval')).toEqual([end]);
    }
  });

  it('of a clock that is years behind is put right only while rows follow each other as they did before', () => {
    const dating = datingOf({
      logger: 'minute-1',
      now: '2026-01-15T09:10:00Z',
      clock: [dateTimeRecord('2016-01-15T10:10:00')],
      newest: 70,
    });
    const stamps = [
      '2016-01-15T10:00:02',
      '2016-01-15T09:45:02',
      '2016-01-15T09:30:02',
      '2016-01-15T07:30:02',
    ];
    const rows = hours(70, ...stamps.map((stamp) => [dateTimeRecord(stamp)]));
    expect(ends(dating, rows, 'minute-1')).toEqual([
      '2026-01-15T09:00:00.000Z',
      '2026-01-15T08:45:00.000Z',
      '2026-01-15T08:30:00.000Z',
      null,
    ]);
  });

  it('leaves out the hour that spring leaves out', () => {
    const dating = datingOf({
      logger: 'hour',
      now: '2026-03-29T01:30:00Z',
      clock: [dateTimeRecord('2026-03-29T02:30:00', 60)],
      newest: 70,
    });
    const rows = hours(
      70,
      [dateTimeRecord('2026-03-29T02:00:00', 60)],
      [dateTimeRecord('2026-03-29T01:00:00')],
    );
    expect(ends(dating, rows, 'hour')).toEqual(['2026-03-29T01:00:00.000Z', '2026-03-29T00:00:00.000Z']);
  });

  it('is a half hour of UTC where the zone has one', () => {
    const dating = datingOf({
      logger: 'hour',
      timezone: 'Asia/Kolkata',
      now: '2026-01-15T09:00:00Z',
      clock: [dateTimeRecord('2026-01-15T14:30:00')],
      newest: 70,
    });
    const row = logRow(70, dateTimeRecord('2026-01-15T14:00:03'), energyRecord(8000));
    expect(ends(dating, [row], 'hour')).toEqual(['2026-01-15T08:30:00.000Z']);
  });
});

describe('rows of a later reading', () => {
  const seen: Seen = {
    now: '2026-01-15T09:00:00Z',
    clock: [dateTimeRecord('2026-01-15T10:00:00')],
    newest: 300,
  };

  it('go on from those that are known, with the error that the clock had then', () => {
    const endedAt = Date.parse('2026-01-09T23:00:00Z');
    // By the meter's own clock ten years earlier: it was put right on the eleventh.
    const known = { logger: 'day', id: 295, meterTime: '2016-01-10T00:00:00', endedAt, values: [] } as const;
    const dating = datingOf({ ...seen, known: [known] });
    expect(ends(dating, days(294, '2016-01-09', '2016-01-08'))).toEqual([
      '2026-01-08T23:00:00.000Z',
      '2026-01-07T23:00:00.000Z',
    ]);
  });

  it('have no moment below known ones that have none', () => {
    const known = {
      logger: 'day',
      id: 295,
      meterTime: '2016-01-10T00:00:00',
      endedAt: null,
      values: [],
    } as const;
    const dating = datingOf({ ...seen, known: [known] });
    expect(ends(dating, days(294, '2016-01-09'))).toEqual([null]);
    expect(ends(dating, days(300, '2026-01-15'))).toEqual(['2026-01-14T23:00:00.000Z']);
  });

  it('have no moment where they do not fit between the known ones', () => {
    const row = (id: number, endedAt: string): LoggedRow => ({
      ...{ logger: 'day', id, values: [] },
      meterTime: new Date(Date.parse(endedAt) + HOUR).toISOString().slice(0, 19),
      endedAt: Date.parse(endedAt),
    });
    const known = [row(290, '2026-01-04T23:00:00Z'), row(292, '2026-01-06T23:00:00Z')];
    const dating = datingOf({ ...seen, known });
    expect(ends(dating, days(291, '2026-01-06'))).toEqual(['2026-01-05T23:00:00.000Z']);
    expect(ends(datingOf({ ...seen, known }), days(291, '2026-01-04'))).toEqual([null]);
  });
});
