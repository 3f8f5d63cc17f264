import { describe, expect, it } from 'vitest';
import { ReadBack } from '../../src/mqtt/read-back.ts';
import { FakeClock } from '../support/fake-clock.ts';

describe('looking whether the broker holds what it has taken', () => {
  it('does not wait for what was refused with an answer', async () => {
    const clock = new FakeClock();
    const missing: string[] = [];
    const readBack = new ReadBack({
      clock,
      known: new Map(),
      listen: () => {},
      unlisten: () => {},
      missing: (topics) => missing.push(...topics),
    });
    readBack.listens('base/1/state');
    readBack.sending('base/1/state', 'refused');
    readBack.refused('base/1/state');
    readBack.sending('base/1/state', 'taken');
    readBack.taken('base/1/state');
    // Of an earlier run.
    readBack.seen('base/1/state', 'refused');
    await clock.advance(5_000);
    expect(missing).toEqual(['base/1/state']);
  });
});
