import { describe, expect, it } from 'vitest';
import { notReady, stuckIn } from '../../src/app/status.ts';
import { newCounters } from '../../src/link/session.ts';
import { Health } from '../../src/meter/health.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { statusOf } from './support/meter-status.ts';

describe('a bridge', () => {
  const MINUTE = 60_000;
  const METERS = [{ name: 'House' }];

  const stuckAfter = (busyFor: number, overdue: readonly string[] = []) =>
    stuckIn({ meters: [statusOf({ busyFor })], overdue }, METERS);

  it('is well while a reading takes its time', () => {
    expect(stuckAfter(29 * MINUTE)).toEqual([]);
  });

  it('is stuck when a reading never ends', () => {
    expect(stuckAfter(31 * MINUTE)).toEqual(['A reading of House does not come to an end']);
  });

  it('is stuck when a schedule is overdue', () => {
    const overdue = ['The schedule 0 * * * * is overdue by 5 min'];
    expect(stuckAfter(0, overdue)).toEqual(overdue);
  });
});

describe('not ready', () => {
  const METERS = [{ name: 'House' }, { name: 'Flat' }];

  function statuses(...read: readonly boolean[]) {
    return read.map((done) => {
      const health = new Health(newCounters(), new CollectingLogger());
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
});
