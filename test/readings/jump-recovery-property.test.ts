import { Big } from 'big.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Plausibility } from '../../src/readings/plausibility.ts';
import type { Reading } from '../../src/readings/reading.ts';
import { NOON, reading } from './support/readings.ts';

const RUNS = { seed: 20_260_116, numRuns: 200 };
const MOST_DIGITS = 999_999_999;

/** What a total does from one moment on: it stands somewhere, and counts at a rate that varies. */
interface Truth {
  readonly unit: string;
  /** Last digits. */
  readonly from: number;
  /** Last digits an hour, at most. */
  readonly rate: number;
  readonly steps: readonly { readonly minutes: number; readonly load: number }[];
}

function truths(load: fc.Arbitrary<number>): fc.Arbitrary<readonly Truth[]> {
  const truth = fc.record({
    unit: fc.constantFrom('kWh', 'GJ', 'm³', 'MWh', 't', 'h', ''),
    from: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: MOST_DIGITS })),
    rate: fc.oneof(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 1_000_000_000 })),
    steps: fc.array(fc.record({ minutes: fc.integer({ min: 5, max: 1_500 }), load }), {
      minLength: 5,
      maxLength: 15,
    }),
  });
  return fc.array(truth, { minLength: 1, maxLength: 4 });
}

const STEADY = fc.double({ min: 0.5, max: 1, noNaN: true });
const decimals = fc.integer({ min: 0, max: 3 });

function shown(digits: number, places: number, unit: string, readAt: number): Reading {
  const value = new Big(digits).div(10 ** places);
  return { ...reading(60, { kind: 'number', value, decimals: places }, unit), readAt };
}

/** The readings of each truth, one after the other. */
function readingsOf(truth: readonly Truth[], places: number): readonly (readonly Reading[])[] {
  let now = NOON;
  return truth.map(({ unit, from, rate, steps }) => {
    let digits = from;
    return steps.map(({ minutes, load }) => {
      now += minutes * 60_000;
      digits += Math.floor((rate * load * minutes) / 60);
      return shown(digits, places, unit, now);
    });
  });
}

/** The meter's memory goes through a file between any two readings. */
class Filter {
  private filter = new Plausibility();
  private lastGood: Reading | undefined;

  accepts(one: Reading): boolean {
    const assessment = this.filter.assess([one]);
    this.filter.keep(assessment);
    const isAccepted = assessment.accepted.length === 1;
    if (isAccepted) this.lastGood = one;
    return isAccepted;
  }

  restart(): void {
    const remembered = JSON.parse(JSON.stringify(this.filter.toRemember() ?? null));
    this.filter = new Plausibility(this.lastGood === undefined ? [] : [this.lastGood], remembered);
  }
}

/** One letter a reading: published, or held back. */
function verdicts(filter: Filter, readings: readonly Reading[]): string {
  return readings.map((one) => (filter.accepts(one) ? 'p' : 'h')).join('');
}

describe('whatever a meter holds', () => {
  test('is published with the third reading at the latest, and never held back for longer', () => {
    fc.assert(
      fc.property(truths(STEADY), decimals, (truth, places) => {
        const filter = new Filter();
        for (const readings of readingsOf(truth, places)) {
          const all = verdicts(filter, readings);
          expect(all).toMatch(/^h{0,2}p/);
          expect(all).not.toContain('hhh');
          filter.restart();
        }
      }),
      RUNS,
    );
  });

  test('is doubted twice at most where it is read on a schedule: for where it stands, and for how fast it counts', () => {
    const everyHour = truths(STEADY).map((all) =>
      all.map(({ steps, ...rest }) => ({ ...rest, steps: steps.map(({ load }) => ({ load, minutes: 60 })) })),
    );
    fc.assert(
      fc.property(everyHour, decimals, (truth, places) => {
        const filter = new Filter();
        for (const readings of readingsOf(truth, places)) {
          expect(verdicts(filter, readings)).toMatch(/^h{0,2}p+(h{1,2}p*)?$/);
          filter.restart();
        }
      }),
      RUNS,
    );
  });
});

describe('a building that draws much at times and nothing at others', () => {
  test('is held back for two readings in a row at most, and three times at most', () => {
    const bursts = fc.array(fc.constantFrom(0, 0, 1), { minLength: 30, maxLength: 60 });
    fc.assert(
      fc.property(bursts, fc.integer({ min: 200, max: 30_000 }), (loads, rate) => {
        const steps = loads.map((load) => ({ minutes: 10, load }));
        const [readings = []] = readingsOf([{ unit: 'kWh', from: 3_363_200, rate, steps }], 0);
        const all = verdicts(new Filter(), readings);
        expect(all).not.toContain('hhh');
        expect(all.match(/h+/g)?.length ?? 0).toBeLessThanOrEqual(3);
      }),
      RUNS,
    );
  });
});

/** Below what the meter holds, or far above. */
const offset = fc.oneof(
  fc.integer({ min: -MOST_DIGITS, max: -1 }),
  fc.integer({ min: 50_000_000, max: MOST_DIGITS }),
);

describe('one or two wild readings', () => {
  test('are never published, and cost no more readings than they are', () => {
    const place = fc.record({ at: fc.integer({ min: 3, max: 12 }), length: fc.constantFrom(1, 2) });
    fc.assert(
      fc.property(
        place,
        fc.tuple(offset, offset),
        decimals,
        fc.nat(100),
        ({ at, length }, offsets, places, rate) => {
          const steps = Array.from({ length: 16 }, () => ({ minutes: 60, load: 1 }));
          const [truth = []] = readingsOf([{ unit: 'kWh', from: 227_445_000, rate, steps }], places);
          const readings = truth.map((one, index) => {
            const off = index >= at && index < at + length ? offsets[index - at] : undefined;
            if (off === undefined || one.value.kind !== 'number') return one;
            // Below all that was read before, or above all that could be counted since.
            const from = off < 0 ? (truth[at - 1]?.value.value as Big) : one.value.value;
            return { ...one, value: { ...one.value, value: from.plus(new Big(off).div(10 ** places)) } };
          });
          const all = verdicts(new Filter(), readings);
          expect(all).toBe('p'.repeat(at) + 'h'.repeat(length) + 'p'.repeat(16 - at - length));
        },
      ),
      RUNS,
    );
  });

  test('are never published while a new truth is being confirmed either', () => {
    const begin = fc.constantFrom(5_000_000, 300_000_000);
    fc.assert(
      fc.property(
        fc.nat(2),
        begin,
        fc.oneof(
          fc.integer({ min: -MOST_DIGITS, max: -1_000 }),
          fc.integer({ min: 50_000_000, max: MOST_DIGITS }),
        ),
        fc.nat(150),
        (at, from, off, rate) => {
          const steps = Array.from({ length: 8 }, () => ({ minutes: 60, load: 1 }));
          const [truth = []] = readingsOf([{ unit: 'kWh', from, rate, steps }], 0);
          const readings = truth.map((one, index) => {
            return shown(Number(one.value.value) + (index === at ? off : 0), 0, 'kWh', one.readAt);
          });
          const filter = new Filter();
          filter.accepts(shown(227_445_000, 0, 'kWh', NOON));
          const all = verdicts(filter, readings);
          expect(all[at]).toBe('h');
          // Three in a row of the new truth came after the wild one.
          expect(all.slice(at + 3)).not.toContain('h');
        },
      ),
      RUNS,
    );
  });
});
