import { describe, expect, test } from 'vitest';
import { serialNoReply } from './support/frames.ts';
import { KeptLine } from './support/kept-line.ts';

/** Every channel answers the question for the number. */
async function answering(): Promise<KeptLine> {
  const kept = new KeptLine();
  kept.prepare = ({ reactions }) => {
    reactions.push((_, channel) => {
      kept.clock.after(500, () => channel.arrive(serialNoReply(84968362)));
    });
  };
  return kept.opened();
}

describe('a line whose port another program has', () => {
  test('is closed for it, opened when it is given back, and lost for nobody', async () => {
    const kept = await answering();
    const opened: boolean[] = [];
    kept.line.onOpen((wasLost) => opened.push(wasLost));
    const back = new AbortController();
    await kept.clock.runUntil(kept.line.freePort(back.signal));
    expect(kept.channel.state).toBe('closed');
    await kept.clock.advance(3_600_000);
    expect(kept.channels).toHaveLength(1);
    back.abort();
    await kept.clock.advance(2_000);
    expect(kept.channels).toHaveLength(2);
    expect(opened).toEqual([false]);
    expect(kept.told).toEqual(['the port is open']);
    await kept.line.stop();
  });

  test('makes a reading wait, which is taken afterwards', async () => {
    const kept = await answering();
    const back = new AbortController();
    await kept.clock.runUntil(kept.line.freePort(back.signal));
    const asked = kept.ask();
    let isAnswered = false;
    void asked.then(() => {
      isAnswered = true;
    });
    await kept.clock.advance(60_000);
    expect(isAnswered).toBe(false);
    back.abort();
    expect(await kept.clock.runUntil(asked)).toBeGreaterThan(0);
    await kept.line.stop();
  });

  test('is not taken from a reading that runs', async () => {
    const kept = new KeptLine();
    await kept.opened();
    const asked = kept.ask().catch(() => {});
    const back = new AbortController();
    const freed = kept.line.freePort(back.signal);
    await kept.clock.advance(100);
    expect(kept.channels[0]?.state).toBe('open');
    await kept.clock.runUntil(Promise.all([asked, freed]));
    expect(kept.channel.state).toBe('closed');
    back.abort();
    await kept.line.stop();
  });

  test('is kept where who wanted it has gone before its turn', async () => {
    const kept = await answering();
    const back = new AbortController();
    back.abort();
    await kept.clock.runUntil(kept.line.freePort(back.signal));
    expect(kept.channel.state).toBe('open');
    await kept.line.stop();
  });

  test('is not opened while it is lent, although it was in trouble', async () => {
    const kept = new KeptLine();
    kept.prepare = (channel) => {
      channel.opening = () => Promise.reject(new Error('busy'));
    };
    await kept.opened();
    const back = new AbortController();
    await kept.clock.runUntil(kept.line.freePort(back.signal));
    await kept.clock.advance(3_600_000);
    expect(kept.channels).toHaveLength(1);
    back.abort();
    await kept.clock.advance(1);
    expect(kept.channels).toHaveLength(2);
    await kept.line.stop();
  });

  test('ends with the bridge', async () => {
    const kept = await answering();
    await kept.clock.runUntil(kept.line.freePort(new AbortController().signal));
    const asked = kept.ask();
    await kept.clock.runUntil(kept.line.stop());
    await expect(asked).rejects.toMatchObject({ code: 'cancelled' });
    expect(kept.channels).toHaveLength(1);
  });
});
