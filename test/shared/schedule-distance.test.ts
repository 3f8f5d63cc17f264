import { expect, it } from 'vitest';
import { regularDistance } from '../../src/shared/schedule-distance.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

it.each([
  [['0 * * * *'], HOUR],
  [['*/15 * * * *'], 15 * MINUTE],
  [['*/30 * * * * *'], 30 * SECOND],
  [['0 0,20 * * *'], 20 * HOUR],
  [['0 6 * * *'], DAY],
  // The night belongs to it.
  [['*/10 6-22 * * *'], 7 * HOUR + 10 * MINUTE],
  // Together they come more often than each alone.
  [['0 6 * * *', '0 18 * * *'], 12 * HOUR],
  [['0 * * * *', '30 * * * *', '0 * * * *'], 30 * MINUTE],
  [['0 * * * *', '0 6 * * 1'], HOUR],
  // A weekend and a summer do not.
  [['0 * * * 1-5'], HOUR],
  [['0 6 * * 1-5'], DAY],
  [['0 * * 10-12,1-4 *'], HOUR],
  // Never on two days in a row.
  [['0 6 * * 1'], 7 * DAY],
  [['0 6 1 * *'], 31 * DAY],
  [['0 6 29 2 *'], Number.POSITIVE_INFINITY],
])('%j: %i ms', (expressions, distance) => {
  expect(regularDistance(expressions)).toBe(distance);
});
