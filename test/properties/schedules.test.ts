import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Slots } from '../../src/shared/slots.ts';
import { Waker } from '../../src/shared/waker.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { FIXED } from './support/kmp-arbitraries.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const ZONES = [
  'Europe/Amsterdam',
  'America/New_York',
  'Africa/Cairo',
  'America/Santiago',
  'Australia/Lord_Howe',
];
const EXPRESSIONS = [
  '0 * * * *',
  '*/20 * * * *',
  '7,27,47 * * * *',
  '0 */2 * * *',
  '0 */5 * * *',
  '30 2 * * *',
  '0 0,6,18 * * *',
  '*/10 1-4 * * *',
  '30 3 * * 1',
];
/** At most so long nobody looks at the clock. */
const BLIND = MINUTE;

interface Taken {
  readonly slot: number;
  readonly at: number;
}

/** A schedule under a clock of which anything may happen, and what may be said of each of its slots. */
class Watched {
  readonly clock: FakeClock;
  readonly logger = new CollectingLogger();
  readonly slots: Slots;
  readonly waker: Waker;
  taken: Taken[] = [];

  constructor(expression: string, timezone: string, now: number) {
    this.clock = new FakeClock(now);
    this.slots = new Slots(expression, timezone);
    this.waker = new Waker(this.clock, this.logger);
    this.waker.schedule(expression, timezone, () => {
      const slot = this.slots.latest(this.clock.now()) ?? 0;
      this.taken.push({ slot, at: this.clock.monotonic() });
    });
  }

  /** Moments from and to which slots were named as missed; from the fourth time of an hour on in the log of `debug`. */
  get named(): readonly (readonly [number, number])[] {
    return this.logger.lines.flatMap(({ message }) => {
      const [, from, to = from] =
        /missed.* of (\d\S+ \S+)(?: to (\S+ \S+))?(?: \(.* times .*\))?$/.exec(message) ?? [];
      return from === undefined || to === undefined ? [] : [[Date.parse(from), Date.parse(to)] as const];
    });
  }

  /** The first and the last of the slots that the wall clock went past, and some after the first. */
  passed(from: number, to: number): readonly number[] {
    const found: number[] = [];
    for (let slot = this.slots.next(from); slot !== undefined && slot <= to; slot = this.slots.next(slot)) {
      found.push(slot);
      if (found.length === 200) break;
    }
    const last = this.slots.latest(to);
    return last === undefined || last <= from ? found : [...new Set([...found, last])];
  }
}

const zone = fc.constantFrom(...ZONES);
const expression = fc.constantFrom(...EXPRESSIONS);
const start = fc.integer({
  min: Date.parse('2026-01-01Z') / SECOND,
  max: Date.parse('2027-12-31Z') / SECOND,
});
const span = (longest: number) =>
  fc.oneof(fc.integer({ min: SECOND, max: 20 * SECOND }), fc.integer({ min: SECOND, max: longest }));
const step = fc.record({
  jump: fc.oneof(
    fc.constant(0),
    span(3 * HOUR),
    span(3 * HOUR).map((by) => -by),
    span(400 * DAY),
    span(400 * DAY).map((by) => -by),
    fc.constantFrom(-HOUR, HOUR, -DAY, DAY),
  ),
  stall: fc.oneof(fc.constant(0), span(5 * HOUR)),
  pass: fc.integer({ min: BLIND + SECOND, max: 8 * HOUR }),
});

describe('any schedule, whatever becomes of the clock', () => {
  it('has each slot once, or it is named as missed', async () => {
    await fc.assert(
      fc.asyncProperty(
        expression,
        zone,
        start,
        fc.array(step, { minLength: 1, maxLength: 8 }),
        async (cron, timezone, began, steps) => {
          const watched = new Watched(cron, timezone, began * SECOND);
          const { clock, slots } = watched;
          let before: Taken | undefined;
          for (const { jump, stall, pass } of steps) {
            const from = Math.min(clock.now(), clock.now() + jump);
            watched.taken = [];
            watched.logger.lines.length = 0;
            clock.setWallClock(clock.now() + jump);
            clock.stall(stall);
            await clock.advance(pass);
            const { taken, named } = watched;
            const counted = new Map(
              taken.map(({ slot }) => [slot, taken.filter((each) => each.slot === slot)]),
            );
            for (const times of counted.values()) expect(times).toHaveLength(1);
            for (const { slot } of taken) expect(slot).toBeGreaterThan(from - BLIND);
            for (const slot of watched.passed(from, clock.now())) {
              const isNamed = named.some(([first, last]) => first <= slot && slot <= last);
              const isKnown =
                before !== undefined &&
                slot <= before.slot &&
                slot > before.slot - HOUR &&
                clock.monotonic() - pass - before.at < slots.patience(slot) + BLIND;
              expect([slot, counted.has(slot) || isNamed || isKnown]).toEqual([slot, true]);
              if (isNamed) expect([slot, counted.has(slot)]).toEqual([slot, false]);
            }
            expect(watched.waker.overdue()).toEqual([]);
            before = taken.at(-1) ?? before;
          }
        },
      ),
      FIXED,
    );
  });

  it('has every slot at its moment while the clock is left alone', async () => {
    await fc.assert(
      fc.asyncProperty(expression, zone, start, async (cron, timezone, began) => {
        const watched = new Watched(cron, timezone, began * SECOND);
        const from = watched.clock.now();
        await watched.clock.advance(2 * DAY);
        expect(watched.taken.map(({ slot }) => slot)).toEqual(watched.passed(from, watched.clock.now()));
        expect(watched.taken.every(({ slot, at }) => slot === from + at)).toBe(true);
        expect(watched.logger.all).toEqual([]);
      }),
      { ...FIXED, numRuns: 40 },
    );
  });
});
