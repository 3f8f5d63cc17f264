import { beforeEach, describe, expect, it } from 'vitest';
import { Repeats } from '../../src/shared/repeats.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { FakeClock } from '../support/fake-clock.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

let clock: FakeClock;
let logger: CollectingLogger;

beforeEach(() => {
  clock = new FakeClock();
  logger = new CollectingLogger();
});

/** Says something `times` times, `every` milliseconds apart. */
function say(times: number, every: number, action: (index: number) => void): void {
  for (let index = 0; index < times; index++) {
    action(index);
    clock.stall(every);
  }
}

const told = (): readonly string[] => logger.told;

describe('a message that comes again and again', () => {
  it('is told three times, then once an hour with its count', () => {
    const repeats = new Repeats({ clock, logger });
    say(121, MINUTE, () => repeats.say('warn', 'No answer.'));
    expect(told()).toEqual([
      'warn No answer.',
      'warn No answer.',
      'warn No answer.',
      'warn No answer. (57 times in the last hour)',
      'warn No answer. (60 times in the last hour)',
    ]);
  });

  it('stands in the log of debug each time', () => {
    const repeats = new Repeats({ clock, logger });
    say(10, MINUTE, () => repeats.say('warn', 'No answer.'));
    expect(logger.said('debug')).toHaveLength(7);
  });

  it('is the same with other numbers in it', () => {
    const repeats = new Repeats({ clock, logger });
    say(50, MINUTE, (index) =>
      repeats.say('warn', `${index} bytes came, ${index}.5 s late, in try ${index + 1}.`),
    );
    expect(told()).toHaveLength(3);
  });

  it('that comes once an hour has no count', () => {
    const repeats = new Repeats({ clock, logger });
    say(12, HOUR, () => repeats.say('info', 'One.'));
    expect(told()).toEqual(Array(12).fill('info One.'));
  });

  it('that comes about once an hour is never left out for having come a moment too soon', () => {
    const repeats = new Repeats({ clock, logger });
    say(3, 1, () => repeats.say('info', 'One.'));
    clock.stall(HOUR);
    say(10, HOUR - 500, () => repeats.say('info', 'One.'));
    expect(told()).toHaveLength(13);
  });

  it('as a state is told once, then once an hour', () => {
    const repeats = new Repeats({ clock, logger }, { isState: true });
    say(120, MINUTE, () => repeats.say('warn', 'It is away.'));
    expect(told()).toEqual([
      'warn It is away.',
      'warn It is away. (59 times in the last hour)',
      'warn It is away. (59 times in the last hour)',
    ]);
  });

  it('tells how long it was not told where that is no hour', () => {
    const repeats = new Repeats({ clock, logger }, { every: DAY });
    say(4, MINUTE, () => repeats.say('info', 'Read.'));
    clock.stall(HOUR * 3);
    repeats.say('warn', 'Read.');
    clock.stall(2 * DAY);
    say(2, MINUTE, () => repeats.say('info', 'Read.'));
    expect(told().slice(3)).toEqual(['warn Read. (2 times in the last 3 h)', 'info Read.']);
  });
});

describe('something new is told at once:', () => {
  it('another reason', () => {
    const repeats = new Repeats({ clock, logger });
    say(10, MINUTE, () => repeats.say('warn', 'No answer.'));
    repeats.say('warn', 'Damaged.');
    expect(told().at(-1)).toBe('warn Damaged.');
  });

  it('a worse level, and no better one', () => {
    const repeats = new Repeats({ clock, logger });
    say(10, MINUTE, () => repeats.say('warn', 'No answer.'));
    repeats.say('error', 'No answer.');
    repeats.say('info', 'No answer.');
    expect(told().at(-1)).toBe('error No answer. (8 times in the last 8 min)');
  });

  it('what was not met for a day', () => {
    const repeats = new Repeats({ clock, logger });
    say(10, MINUTE, () => repeats.say('warn', 'No answer.'));
    clock.stall(DAY);
    say(1, 0, () => repeats.say('warn', 'No answer.'));
    expect(told()).toHaveLength(4);
  });
});

describe('reasons without end', () => {
  it('are told apart up to ten, and never fill log or memory', () => {
    const repeats = new Repeats({ clock, logger });
    const letters = (index: number): string => index.toString(2).replaceAll('0', 'a').replaceAll('1', 'b');
    say(24 * 60, MINUTE, (index) => repeats.say('warn', `Not ${letters(index)}.`));
    expect(told().length).toBeLessThan(30);
    expect(told().at(-1)).toMatch(/\(with others \d+ times in the last \d h\)$/);
  });

  it('that take turns cost no more than one', () => {
    const repeats = new Repeats({ clock, logger }, { isState: true });
    say(24 * 60, MINUTE, (index) => repeats.say('warn', index % 2 ? 'Refused.' : 'Away.'));
    expect(told().length).toBeLessThan(30);
  });
});
