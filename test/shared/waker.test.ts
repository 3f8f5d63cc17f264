import { afterEach, describe, expect, it, vi } from 'vitest';
import { CredibleClock } from '../../src/shared/credible-clock.ts';
import { Waker } from '../../src/shared/waker.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { FakeClock } from '../support/fake-clock.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** A winter morning. */
const START = Date.parse('2026-01-15T09:30:00Z');

/** Schedules that run, with the times at which each was woken. */
class Awake {
  readonly clock: FakeClock;
  readonly logger = new CollectingLogger();
  readonly waker: Waker;
  readonly times: string[] = [];

  constructor(expression = '0 * * * *', { timezone = 'UTC', now = START } = {}) {
    this.clock = new FakeClock(now);
    this.waker = new Waker(this.clock, this.logger);
    this.add(expression, timezone);
  }

  add(expression: string, timezone = 'UTC'): () => void {
    return this.waker.schedule(expression, timezone, () => {
      this.times.push(new Date(this.clock.now()).toISOString().slice(5, 19).replace('T', ' '));
    });
  }

  /** Somebody changes the clock by so much, or the machine sleeps. */
  jump(by: number): void {
    this.clock.setWallClock(this.clock.now() + by);
  }

  /** What was woken within so long from now on. */
  async within(duration: number): Promise<string[]> {
    this.times.length = 0;
    await this.clock.advance(duration);
    return [...this.times];
  }
}

describe('a schedule', () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it.each([
    ['Asia/Tokyo', '01-16 03:00:00'],
    ['Europe/Copenhagen', '01-15 11:00:00'],
    ['America/New_York', '01-15 17:00:00'],
  ])('goes by the time of %s', async (timezone, noon) => {
    const home = new Awake('0 12 * * *', { timezone });
    expect(await home.within(DAY)).toEqual([noon]);
  });

  it('goes by the time of the system without a time zone', async () => {
    vi.stubEnv('TZ', 'Australia/Brisbane');
    expect(await new Awake('0 12 * * *', { timezone: '' }).within(DAY)).toEqual(['01-16 02:00:00']);
  });

  it('is over when it is ended, and nothing is left when the last one is', async () => {
    const home = new Awake('0 10 * * *');
    const end = home.add('* * * * *');
    expect(await home.within(3 * MINUTE)).toHaveLength(3);
    end();
    expect(await home.within(10 * MINUTE)).toEqual([]);
    expect(home.clock.pendingTimers).toBe(1);
    const clock = new FakeClock();
    const logger = new CollectingLogger();
    const endOnly = new Waker(clock, logger).schedule('* * * * *', '', () => {});
    endOnly();
    expect(clock.pendingTimers).toBe(0);
  });

  it('has one timer with however many others', async () => {
    const home = new Awake();
    for (let meter = 0; meter < 300; meter++) home.add('*/20 * * * *');
    expect(home.clock.pendingTimers).toBe(1);
    expect(await home.within(30 * MINUTE)).toHaveLength(601);
    expect(home.logger.all).toEqual([]);
  });

  it('is woken though another one fails', async () => {
    const home = new Awake();
    home.waker.schedule('0 * * * *', 'UTC', () => {
      throw new Error('the disk is gone');
    });
    home.add('0 * * * *');
    expect(await home.within(2 * HOUR)).toHaveLength(4);
    expect(home.logger.said('error')[0]).toContain('0 * * * * (UTC) failed: the disk is gone');
  });
});

describe('a clock that is set back', () => {
  it.each([
    [HOUR, '1 h 0 min', ['01-15 10:00:00', '01-15 11:00:00']],
    [DAY, '24 h 0 min', ['01-14 11:00:00', '01-14 12:00:00']],
    [400 * DAY, '400 days', ['12-11 11:00:00', '12-11 12:00:00']],
  ])('by %i ms is followed and told once', async (by, words, expected) => {
    const home = new Awake();
    await home.clock.advance(40 * MINUTE);
    home.jump(-by);
    const found = await home.within(2 * HOUR);
    expect(found).toEqual(expected);
    expect(home.logger.said('warn')).toEqual([
      `The clock was set back by ${words}. Readings go by the new time.`,
    ]);
    expect(home.waker.overdue()).toEqual([]);
  });

  it.each([
    0.3 * SECOND,
    2 * SECOND,
    30 * SECOND,
    20 * MINUTE,
  ])('by %i ms brings no slot twice that has just been taken', async (by) => {
    const home = new Awake();
    expect(await home.within(30 * MINUTE + SECOND)).toEqual(['01-15 10:00:00']);
    home.jump(-by);
    expect(await home.within(HOUR + by)).toEqual(['01-15 11:00:00']);
  });

  it('again and again by seconds brings neither more readings nor words', async () => {
    const home = new Awake('*/20 * * * *');
    for (let time = 0; time < 60; time++) {
      await home.clock.advance(MINUTE);
      home.jump(-5 * SECOND);
    }
    expect(home.times).toEqual(['01-15 09:40:00', '01-15 10:00:00', '01-15 10:20:00']);
    expect(home.logger.all).toEqual([]);
  });

  it('to just before a slot brings it, though nobody looked in between', async () => {
    const home = new Awake();
    await home.clock.advance(2 * HOUR);
    home.jump(-90 * MINUTE - 10 * SECOND);
    expect(await home.within(2 * MINUTE)).toEqual(['01-15 10:00:50']);
    const live = new Awake('*/30 * * * * *');
    live.jump(-DAY);
    await live.clock.advance(30 * SECOND);
    expect(live.logger.all.filter((line) => line.includes('missed'))).toEqual([]);
  });
});

describe('a clock that is set forward', () => {
  it.each([
    '*/30 * * * * *',
    '0 * * * *',
    '30 3 * * *',
    '0 0 29 2 *',
  ])('from 1970 brings %s at most one reading, at once, and no work for what was missed', async (expression) => {
    const home = new Awake(expression, { now: 10 * MINUTE });
    home.clock.setWallClock(START + 20 * MINUTE);
    const looks = vi.spyOn(Intl.DateTimeFormat.prototype, 'formatToParts');
    const found = await home.within(MINUTE);
    expect(found.length).toBeLessThanOrEqual(2);
    // node-cron is asked about each date back to the last one that fits.
    expect(looks.mock.calls.length).toBeLessThan(expression.includes('29') ? 10_000 : 100);
    looks.mockRestore();
    expect(home.logger.said('warn')).toHaveLength(1);
    expect(home.logger.said('warn')[0]).toMatch(
      /^Readings were missed, because the clock was set forward.* 19\d\d-/,
    );
  });

  it('takes what was passed by up to half the distance, and names the rest', async () => {
    const home = new Awake();
    home.jump(3 * HOUR + 50 * MINUTE);
    expect(await home.within(30 * MINUTE)).toEqual(['01-15 13:21:00']);
    expect(home.logger.all).toEqual([
      'info A reading is taken late, because the clock was set forward, or this machine slept, by 3 h 50 min: 0 * * * * (UTC) of 2026-01-15 13:00:00+00:00',
      'warn Readings were missed, because the clock was set forward, or this machine slept, by 3 h 50 min: 0 * * * * (UTC) of 2026-01-15 10:00:00+00:00 to 2026-01-15 12:00:00+00:00',
    ]);
  });

  it('waits for the next where more than half is over, and says so', async () => {
    const home = new Awake();
    home.jump(70 * MINUTE);
    expect(await home.within(30 * MINUTE)).toEqual(['01-15 11:00:00']);
    expect(home.logger.all).toEqual([
      'warn Readings were missed, because the clock was set forward, or this machine slept, by 1 h 10 min: 0 * * * * (UTC) of 2026-01-15 10:00:00+00:00',
    ]);
  });

  it('and back again takes nothing twice', async () => {
    const home = new Awake();
    await home.within(31 * MINUTE);
    home.jump(-2 * HOUR);
    await home.clock.advance(2 * MINUTE);
    home.jump(2 * HOUR);
    expect(await home.within(HOUR)).toEqual(['01-15 11:00:00']);
  });
});

describe('a program that stands still', () => {
  it.each([
    ['*/30 * * * * *', 7 * SECOND],
    ['0 * * * *', 7 * SECOND],
    ['0 * * * *', 29 * MINUTE],
    ['0 10 * * *', 7 * SECOND],
    ['0 10 * * *', 59 * MINUTE],
  ])('has the slot of %s %i ms late, once', async (expression, late) => {
    const home = new Awake(expression);
    await home.clock.advance(30 * MINUTE - SECOND);
    home.clock.stall(SECOND + late);
    const found = await home.within(SECOND);
    expect(found).toEqual([
      new Date(START + 30 * MINUTE + late).toISOString().slice(5, 19).replace('T', ' '),
    ]);
    const lines = home.logger.all;
    if (late < MINUTE) expect(lines).toEqual([]);
    else
      expect(lines).toEqual([
        expect.stringMatching(/^info A reading is taken late, because this program was kept/),
      ]);
  });

  it('waits for the next day where a daily one was passed by more than an hour, and says so', async () => {
    const home = new Awake('0 10 * * *');
    home.clock.stall(95 * MINUTE);
    expect(await home.within(DAY)).toEqual(['01-16 10:00:00']);
    expect(home.logger.all).toEqual([
      'warn Readings were missed, because this program was kept from running: 0 10 * * * (UTC) of 2026-01-15 10:00:00+00:00',
    ]);
  });

  it('while the clock is set back by less has its slots all the same', async () => {
    const home = new Awake();
    home.clock.stall(100 * MINUTE);
    home.jump(-HOUR);
    expect(await home.within(MINUTE)).toEqual(['01-15 10:10:00']);
  });

  it('loses some of many seconds without a word', async () => {
    const home = new Awake('*/2 * * * * *');
    home.clock.stall(9.9 * SECOND);
    expect(await home.within(SECOND)).toEqual(['01-15 09:30:10']);
    expect(home.logger.said('debug')).toEqual([expect.stringMatching(/^Readings were missed/)]);
    expect(home.logger.all).toHaveLength(1);
  });

  it('says it once, whatever the number of meters', async () => {
    const home = new Awake();
    for (let meter = 0; meter < 20; meter++) home.add('0 * * * *');
    home.clock.stall(70 * MINUTE);
    await home.within(SECOND);
    expect(home.logger.all).toHaveLength(1);
  });
});

describe('many different schedules', () => {
  it('are not all named in one line', async () => {
    const home = new Awake();
    for (let minute = 1; minute <= 40; minute++) home.add(`${minute} * * * *`);
    home.jump(4 * HOUR);
    await home.within(MINUTE);
    const [line = ''] = home.logger.said('warn');
    expect(line).toMatch(/; and 31 other schedules$/);
    expect(line.match(/ of 2026-/g)).toHaveLength(10);
  });
});

describe('an overdue schedule', () => {
  it('is told when nothing was woken at its time', async () => {
    const home = new Awake();
    home.add('0 * * * *');
    home.clock.stall(30 * MINUTE + 2 * MINUTE);
    expect(home.waker.overdue()).toEqual([]);
    home.clock.stall(3 * MINUTE);
    expect(home.waker.overdue()).toEqual(['The schedule 0 * * * * (UTC) is overdue by 5 min']);
    await home.clock.advance(0);
    expect(home.waker.overdue()).toEqual([]);
  });

  it('is none of a schedule that is months away, of a slow clock, or of none', async () => {
    const home = new Awake('0 0 29 2 *');
    for (let day = 0; day < 60; day++) {
      await home.clock.advance(DAY / 4);
      home.jump(-0.9 * SECOND);
    }
    expect(home.waker.overdue()).toEqual([]);
  });
});

describe('a clock that nobody has set yet', () => {
  it('is followed, and what lies between it and the right time is not called missed', async () => {
    const clock = new FakeClock(20 * SECOND);
    const logger = new CollectingLogger();
    const waker = new Waker(new CredibleClock(clock, START), logger);
    let woken = 0;
    const end = waker.schedule('*/10 * * * *', 'UTC', () => woken++);
    await clock.advance(25 * MINUTE);
    expect(woken).toBe(2);
    clock.setWallClock(START + DAY);
    await clock.advance(25 * MINUTE);
    expect(woken).toBe(5);
    expect(logger.lines).toEqual([]);
    end();
  });
});
