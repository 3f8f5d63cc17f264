import { beforeEach, describe, expect, it } from 'vitest';
import { Trouble } from '../../src/shared/trouble.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { FakeClock } from '../support/fake-clock.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let clock: FakeClock;
let logger: CollectingLogger;
let trouble: Trouble;

beforeEach(() => {
  clock = new FakeClock();
  logger = new CollectingLogger();
  trouble = new Trouble({ clock, logger }, { isState: true });
});

const told = (): readonly string[] => logger.told;
const met = (): void => trouble.met('warn', 'It is away.');
const over = (): boolean => trouble.over(() => 'It is back');

/** It comes and goes, `times` times. */
async function flaps(times: number, down: number, up: number): Promise<void> {
  for (let index = 0; index < times; index++) {
    met();
    await clock.advance(down);
    over();
    await clock.advance(up);
  }
}

describe('a trouble', () => {
  it('that ends after the stop is told at once, and leaves no timer', async () => {
    await flaps(5, MINUTE, 1_000);
    met();
    const before = told().length;
    trouble.stop();
    over();
    expect(clock.pendingTimers).toBe(0);
    expect(told().slice(before)).toEqual([expect.stringContaining('info It is back. The trouble lasted')]);
  });

  it('tells its end at once, with how long it lasted and how often it was met', async () => {
    for (let index = 0; index < 5; index++) {
      met();
      await clock.advance(MINUTE);
    }
    expect(over()).toBe(true);
    expect(told()).toEqual([
      'warn It is away.',
      'info It is back. The trouble lasted 5 min, and was met 5 times.',
    ]);
  });

  it('tells an end once, and none where nothing was', async () => {
    expect(over()).toBe(false);
    met();
    await clock.advance(MINUTE);
    over();
    expect(over()).toBe(false);
    expect(told()).toHaveLength(2);
  });

  it('that goes on is told once an hour, and its end at once', async () => {
    for (let minute = 0; minute < 24 * 60; minute++) {
      met();
      await clock.advance(MINUTE);
    }
    over();
    await clock.advance(0);
    expect(told()).toHaveLength(22);
    expect(told().at(-1)).toBe('info It is back. The trouble lasted 24 h 0 min, and was met 1440 times.');
  });

  it('counts what somebody remarks beside it as no further trouble', async () => {
    met();
    trouble.remark('warn', 'It is asked less.');
    await clock.advance(MINUTE);
    over();
    expect(told().at(-1)).toBe('info It is back. The trouble lasted 1 min.');
  });
});

describe('a trouble that comes and goes', () => {
  it('is told by fewer than 30 lines a day', async () => {
    await flaps(24 * 60, MINUTE / 2, MINUTE / 2);
    expect(told().length).toBeLessThan(30);
    expect(told().slice(0, 4)).toEqual([
      'warn It is away.',
      'info It is back. The trouble lasted 30 s.',
      'warn It is away.',
      expect.stringMatching(/^warn It is away\. \(\d\d times in the last hour\)$/),
    ]);
  });

  it.each([5, 11, 20, 45, 90])('every %i minutes is told by fewer than 30 lines a day', async (minutes) => {
    await flaps((24 * 60) / minutes, MINUTE, (minutes - 1) * MINUTE);
    expect(told().length).toBeLessThan(30);
  });

  it('tells its end when it has stayed away for a while, whatever was said before', async () => {
    await flaps(90, MINUTE / 2, MINUTE / 2);
    expect(told().at(-1)).toMatch(/^warn/);
    await clock.advance(HOUR);
    expect(told().at(-1)).toMatch(
      /^info It is back\. The trouble lasted 1 h 29 min, and was met 89 times\.$/,
    );
  });

  it('leaves no timer when it is stopped', async () => {
    await flaps(5, MINUTE, MINUTE);
    expect(clock.pendingTimers).toBe(1);
    trouble.stop();
    expect(clock.pendingTimers).toBe(0);
  });
});
