import { Big } from 'big.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Plausibility } from '../../src/readings/plausibility.ts';
import type { Reading } from '../../src/readings/reading.ts';
import { HOUR, reading } from './support/readings.ts';

const RUNS = { seed: 20_260_115, numRuns: 500 };

/** Readings of one total: few values, so that they often agree, go back and jump; clocks may be set back. */
const series = fc
  .array(
    fc.record({
      thousandths: fc.oneof(fc.integer({ min: 0, max: 8 }), fc.integer({ min: 0, max: 99_999_999 })),
      unit: fc.constantFrom('GJ', 'GJ', 'GJ', 'kWh'),
      minutes: fc.integer({ min: -120, max: 600 }),
    }),
    { minLength: 1, maxLength: 25 },
  )
  .map((steps) => {
    let hours = 0;
    return steps.map(({ thousandths, unit, minutes }) => {
      hours += minutes / 60;
      const value = new Big(thousandths).div(1000);
      return reading(60, { kind: 'number', value, decimals: 3 }, unit, hours);
    });
  });

function numberOf({ value }: Reading): Big {
  if (value.kind !== 'number') throw new Error('no number');
  return value.value;
}

/** The reading as a person sees it: in the same unit, and not lower. */
function follows(earlier: Reading, later: Reading): boolean {
  return earlier.unit === later.unit && numberOf(later).gte(numberOf(earlier));
}

/** For each reading whether it was accepted. */
function verdicts(readings: readonly Reading[]): boolean[] {
  const plausibility = new Plausibility();
  return readings.map((one) => {
    const assessment = plausibility.assess([one]);
    plausibility.keep(assessment);
    return assessment.accepted.length === 1;
  });
}

test('a total that is lower than the accepted one before it was twice announced by readings that agree', () => {
  let fell = 0;
  fc.assert(
    fc.property(series, (readings) => {
      const accepted = verdicts(readings);
      let last: Reading | undefined;
      readings.forEach((one, index) => {
        if (!accepted[index]) return;
        if (last !== undefined && !follows(last, one)) {
          fell++;
          const [first, second] = [readings[index - 2], readings[index - 1]];
          expect(accepted.slice(index - 2, index)).toEqual([false, false]);
          expect(first && second && follows(first, second) && follows(second, one)).toBe(true);
        }
        last = one;
      });
    }),
    RUNS,
  );
  expect(fell).toBeGreaterThan(0);
});

test('of three readings in a row that agree the last one is always accepted', () => {
  fc.assert(
    fc.property(series, fc.integer({ min: 0, max: 99_999_000 }), (readings, thousandths) => {
      const after = readings.reduce((latest, { readAt }) => Math.max(latest, readAt), 0);
      const agreeing = [0, 1, 2].map((step): Reading => {
        const value = new Big(thousandths + step).div(1000);
        return {
          ...reading(60, { kind: 'number', value, decimals: 3 }, 'GJ'),
          readAt: after + (step + 1) * HOUR,
        };
      });
      expect(verdicts([...readings, ...agreeing]).at(-1)).toBe(true);
    }),
    RUNS,
  );
});

test('nothing is lost and nothing is made up: each reading is either accepted or doubted', () => {
  fc.assert(
    fc.property(series, (readings) => {
      const { accepted, doubts } = new Plausibility(readings.slice(0, 1)).assess(readings);
      const judged = [...accepted, ...doubts.map((doubt) => doubt.reading)];
      expect(new Set(judged)).toEqual(new Set(readings));
      expect(judged).toHaveLength(readings.length);
    }),
    RUNS,
  );
});
