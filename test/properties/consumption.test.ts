import { Big } from 'big.js';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Bar, HistoryAnswers } from '../../src/history/answers.ts';
import { LogStore } from '../../src/history/log-store.ts';
import { HistoryQueries } from '../../src/history/queries.ts';
import { HistoryStore, HOUR } from '../../src/history/store.ts';

const START = Date.UTC(2026, 0, 5);
const DAYS = 10;
const DAY = 24 * HOUR;
const HOUSE = { serialNumber: '1', name: 'House' };
/** How far from a midnight a total may be that stands for it, and how far a reading that is nearer than any before. */
const [NEAR, NEAREST] = [2.4 * HOUR, 12 * HOUR];

const world = fc.record({
  /** Wh of each hour. */
  hours: fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 24 * DAYS, maxLength: 24 * DAYS }),
  /** Hours at whose beginning the meter was read. */
  read: fc.uniqueArray(fc.integer({ min: 0, max: 24 * DAYS - 1 }), { minLength: 1, maxLength: 40 }),
  /** Midnights at which the meter wrote its total down. */
  logged: fc.uniqueArray(fc.integer({ min: 0, max: DAYS - 1 })),
});

function barsOf(
  total: (at: number) => number,
  read: readonly number[],
  logged: readonly number[],
): readonly Bar[] {
  const store = HistoryStore.open(':memory:');
  const energy = { quantity: 'heat_energy', unit: 'Wh', decimals: 0 };
  for (const hour of read.toSorted((one, other) => one - other)) {
    const at = START + hour * HOUR;
    store.add([{ ...HOUSE, values: [{ ...energy, value: total(at), at, isTotal: true }] }], 1e9);
  }
  const rows = logged.map((day) => {
    const endedAt = START + day * DAY;
    const meterTime = new Date(endedAt).toISOString().slice(0, 19);
    const values = [{ ...energy, register: 60, value: new Big(total(endedAt)) }];
    return { ...{ logger: 'day' as const, id: day, meterTime, endedAt }, values };
  });
  new LogStore(store.database).add(HOUSE, rows);
  const boundaries = Array.from({ length: DAYS + 1 }, (_, day) => START + day * DAY);
  const answers = new HistoryAnswers(new HistoryQueries(store.database), () => undefined);
  const bars = answers.consumption('House', 'heat_energy', boundaries) ?? [];
  store.close();
  return bars;
}

it('what was used is counted once, by whomever it is told, and never more than was used', () => {
  fc.assert(
    fc.property(world, ({ hours, read, logged }) => {
      const total = (at: number): number =>
        hours.slice(0, Math.max(0, (at - START) / HOUR)).reduce((sum, use) => sum + use, 1_000);
      const bars = barsOf(total, read, logged);
      const known = [...read.map((hour) => hour * HOUR), ...logged.map((day) => day * DAY)].map(
        (after) => START + after,
      );
      const all = total(Math.max(...known)) - total(Math.min(...known));
      expect(bars.reduce((sum, { used }) => sum + (used ?? 0), 0)).toBeLessThanOrEqual(all);
      const isTold = ({ from, to, used }: Bar): boolean =>
        used !== null &&
        used <= total(to + NEAR) - total(from - NEAR) &&
        used >= total(to - NEAR) - total(from + NEAR);
      for (const bar of bars) {
        const { from, to, used, since } = bar;
        if (used !== null)
          expect(used).toBeLessThanOrEqual(total(to + NEAREST) - total(since ?? from - NEAR));
        if (known.includes(from) && known.includes(to)) expect(isTold(bar)).toBe(true);
      }
      // A whole log tells each day, whatever was read.
      const whole = barsOf(
        total,
        read,
        Array.from({ length: DAYS }, (_, day) => day),
      );
      expect(whole.slice(0, -1).every(isTold)).toBe(true);
    }),
    { numRuns: 60 },
  );
});
