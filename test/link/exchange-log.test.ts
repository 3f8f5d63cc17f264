import { describe, expect, it } from 'vitest';
import { NOTHING_SEEN } from '../../src/link/exchange.ts';
import { ExchangeLog } from '../../src/link/exchange-log.ts';

const SENT = Uint8Array.of(0x80, 0xff);

describe('what is kept of the exchanges with a meter', () => {
  it('is the last ones, newest first, with their bytes', () => {
    const log = new ExchangeLog(2);
    for (const at of [1, 2, 3]) {
      const recording = log.begin(SENT, at);
      recording.heard(Uint8Array.of(0x40, at));
      recording.heard(Uint8Array.of(0x0d));
      recording.end({ reply: at, seen: NOTHING_SEEN }, 12.4, undefined);
    }
    expect(log.newestFirst.map(({ at }) => at)).toEqual([3, 2]);
    const [newest] = log.newestFirst;
    expect(newest).toMatchObject({ outcome: 'answered', took: 12, more: 0 });
    expect([...(newest?.sent ?? [])]).toEqual([...SENT]);
    expect([...(newest?.received ?? [])]).toEqual([0x40, 3, 0x0d]);
  });

  it('is not all that a lamp says', () => {
    const log = new ExchangeLog(1);
    const recording = log.begin(SENT, 1);
    for (let time = 0; time < 20; time++) recording.heard(new Uint8Array(100));
    recording.end({ reply: undefined, seen: { ...NOTHING_SEEN, discardedBytes: 2_000 } }, 0, undefined);
    const [kept] = log.newestFirst;
    expect(kept).toMatchObject({ outcome: 'noise', took: null, more: 2_000 - 1_024 });
    expect(kept?.received).toHaveLength(1_024);
  });

  it.each([
    ['damaged', { damagedReplies: 1, discardedBytes: 9 }],
    ['early', { earlyReplies: 1 }],
    ['foreign', { foreignFrames: 1 }],
    ['noise', { discardedBytes: 1, echoes: 1 }],
    ['echo-only', { echoes: 1 }],
    ['nothing', {}],
  ])('says what came in place of a reply: %s', (outcome, seen) => {
    const log = new ExchangeLog(1);
    log.begin(SENT, 1).end({ reply: undefined, seen: { ...NOTHING_SEEN, ...seen } }, 0, undefined);
    expect(log.newestFirst[0]?.outcome).toBe(outcome);
  });

  it('says that the line went away', () => {
    const log = new ExchangeLog(1);
    log.begin(SENT, 1).end({ reply: undefined, seen: NOTHING_SEEN }, 0, new Error('gone'));
    expect(log.newestFirst[0]?.outcome).toBe('cut');
  });
});
