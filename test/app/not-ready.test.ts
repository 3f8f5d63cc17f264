import { expect, it } from 'vitest';
import { notReady } from '../../src/app/not-ready.ts';
import { newCounters } from '../../src/meter/meter-counters.ts';
import { Health } from '../../src/polling/health.ts';

const METERS = [{ name: 'House' }, { name: 'Flat' }];

function statuses(...read: readonly boolean[]) {
  return read.map((done) => {
    const health = new Health(newCounters());
    if (done) health.succeeded(1, 1);
    return { diagnostics: health.diagnostics };
  });
}

it('a bridge waits for its broker and for each of its meters', () => {
  expect(notReady({ connected: false }, METERS, statuses(false, false))).toEqual([
    'The MQTT broker is not connected',
    'House has not been read since the start',
    'Flat has not been read since the start',
  ]);
  expect(notReady({ connected: true }, METERS, statuses(true, false))).toEqual([
    'Flat has not been read since the start',
  ]);
});

it('a bridge is ready when all of them were read, also where there is no broker', () => {
  expect(notReady({ connected: true }, METERS, statuses(true, true))).toEqual([]);
  expect(notReady(undefined, METERS, statuses(true, true))).toEqual([]);
  expect(notReady(undefined, METERS, [])).toHaveLength(2);
});
