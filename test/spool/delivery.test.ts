import { describe, expect, it, onTestFinished } from 'vitest';
import type { Outcome } from '../../src/shared/delivery.ts';
import { Delivery, type DeliveryOptions, Refusals } from '../../src/spool/delivery.ts';
import { eventually } from '../support/eventually.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { openedSpool } from './support/opened-spool.ts';

/** A delivery to a server that behaves as `answer` says; texts are single words. */
async function delivering(
  answer: (texts: readonly string[]) => Outcome,
  options: Partial<DeliveryOptions> = {},
) {
  const sent: string[] = [];
  const setAside: string[] = [];
  const { spool, clock, logger } = await openedSpool(temporaryFolder());
  const delivery: Delivery = new Delivery({
    spool,
    batch: { count: 100, bytes: 65_536 },
    send: async (batch) => {
      const texts = batch.map(({ text }) => text);
      sent.push(texts.join(' '));
      return answer(texts);
    },
    setAside: async ({ text }, reason) => {
      setAside.push(`${text}: ${reason}`);
    },
    kindOf: (text) => text.split('-')[0] ?? '',
    refusals: new Refusals({
      label: 'InfluxDB',
      noun: 'point',
      advice: 'Look there.',
      path: '/refused.lp',
      clock,
      logger,
    }),
    label: 'InfluxDB',
    clock,
    random: () => 0,
    logger,
    changed: () => {},
    ...options,
  });
  onTestFinished(() => delivery.stop());
  const put = (...texts: string[]): void => {
    for (const text of texts) spool.put(text);
    delivery.wakeUp();
  };
  return { spool, delivery, sent, setAside, put, clock, logger };
}

const away = (): never => {
  throw new Error('nobody there');
};

describe('a delivery', () => {
  it('hands over what waits, and what comes later', async () => {
    const { delivery, sent, put, spool, clock } = await delivering(() => 'delivered');
    put('one', 'two');
    delivery.start();
    await eventually(() => delivery.counts.delivered === 2);
    put('three');
    await eventually(() => delivery.counts.delivered === 3);
    expect(sent.join(' ')).toBe('one two three');
    expect([spool.waiting, delivery.counts.lastDelivery, delivery.problem]).toEqual([0, clock.now(), null]);
  });

  it('tries again, less and less often, while the server is away, and loses nothing', async () => {
    let there = false;
    const { delivery, sent, put, spool, clock, logger } = await delivering(() =>
      there ? 'delivered' : away(),
    );
    put('one');
    delivery.start();
    for (const [pause, tries] of [
      [0, 1],
      [5_000, 2],
      [10_000, 3],
      [20_000, 4],
    ] as const) {
      await clock.advance(pause);
      await eventually(() => sent.length === tries);
    }
    put('two');
    expect([delivery.problem, spool.waiting]).toEqual(['nobody there', 2]);
    there = true;
    await clock.advance(40_000);
    await eventually(() => delivery.counts.delivered === 2 && delivery.problem === null);
    expect(sent.at(-1)).toBe('one two');
    expect(logger.told).toEqual([
      'warn InfluxDB: nobody there. 1 waiting; they are sent when it works again.',
      'info InfluxDB: works again, 0 still waiting. The trouble lasted 1 min, and was met 4 times.',
    ]);
  });

  it('never waits for longer than five minutes', async () => {
    const { delivery, sent, put, clock } = await delivering(away, { random: () => 0.999 });
    put('one');
    delivery.start();
    await eventually(() => sent.length === 1);
    for (let tries = 2; tries < 14; tries++) {
      await clock.advance(300_000);
      await eventually(() => sent.length >= tries);
    }
  });

  it('finds the text that a server refuses, sets it aside with the reason, and delivers the rest in order', async () => {
    const taken: string[] = [];
    const refuse = (texts: readonly string[]): Outcome => {
      if (texts.some((text) => text.startsWith('bad'))) return { refused: 'no such field' };
      taken.push(...texts);
      return 'delivered';
    };
    const { delivery, setAside, put, spool } = await delivering(refuse);
    put('a', 'b', 'bad-1', 'c', 'd', 'bad-2', 'e');
    delivery.start();
    await eventually(() => spool.waiting === 0 && delivery.counts.refused === 2);
    expect(taken).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(setAside).toEqual(['bad-1: no such field', 'bad-2: no such field']);
    expect([delivery.counts.delivered, delivery.counts.refused]).toEqual([5, 2]);
  });

  it('is in trouble for as long as one kind is refused, says so once, and when it is over', async () => {
    let refusing = true;
    const { delivery, put, logger } = await delivering((texts) =>
      refusing && texts.some((text) => text.startsWith('bad')) ? { refused: 'no such field' } : 'delivered',
    );
    delivery.start();
    put('bad-1', 'bad-2');
    await eventually(() => delivery.counts.refused === 2);
    put('good-1');
    await eventually(() => delivery.counts.delivered === 1);
    const words =
      'A point is refused for good: no such field. Such ones are set aside in /refused.lp. Look there.';
    expect(delivery.problem).toBe(words);
    expect(logger.said('error')).toEqual([`InfluxDB: ${words}`]);
    refusing = false;
    put('bad-3');
    await eventually(() => delivery.problem === null);
    expect(logger.said('info')).toEqual(['InfluxDB: such a point is taken again. The trouble lasted 0 s.']);
  });

  it('does not lose what it cannot set aside', async () => {
    const { delivery, put, spool, clock } = await delivering(() => ({ refused: 'no' }), {
      setAside: async () => {
        throw new Error('disk full');
      },
    });
    put('one');
    delivery.start();
    await eventually(() => delivery.problem === 'disk full');
    await clock.advance(5_000);
    expect(spool.waiting).toBe(1);
  });

  it('goes on where it was when the server fails in the middle of a batch', async () => {
    let calls = 0;
    const { delivery, sent, put, spool, clock } = await delivering((texts) => {
      calls++;
      if (calls === 3) return away();
      return texts.includes('bad') ? { refused: 'no' } : 'delivered';
    });
    put('a', 'b', 'bad', 'c');
    delivery.start();
    await eventually(() => delivery.problem === 'nobody there');
    await clock.advance(5_000);
    await eventually(() => spool.waiting === 0);
    // The half that was taken is not sent again.
    expect(sent.slice(0, 4)).toEqual(['a b bad c', 'a b', 'bad c', 'bad c']);
    expect([delivery.counts.delivered, delivery.counts.refused]).toEqual([3, 1]);
  });

  it('stops at once, also in the middle of a request or of a pause, without a timer', async () => {
    const hanging = await delivering(() => 'delivered', {
      send: (_, signal) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('cut')))),
    });
    hanging.put('one');
    hanging.delivery.start();
    await hanging.clock.advance();
    await hanging.delivery.stop();
    expect([hanging.delivery.problem, hanging.spool.waiting]).toEqual([null, 1]);
    const pausing = await delivering(away);
    pausing.put('one');
    pausing.delivery.start();
    await eventually(() => pausing.delivery.problem !== null);
    await pausing.delivery.stop();
    expect(pausing.clock.pendingTimers).toBe(0);
  });
});
