import { setTimeout as pause } from 'node:timers/promises';
import { Arena } from '../arena.ts';
import { CALM } from '../judge.ts';
import type { Temper } from '../world/sink.ts';
import { inRounds, type Part, RECOVERS_WITHIN, STARTS_WITHIN } from './part.ts';

const FAULTS: readonly { readonly name: string; readonly temper: Temper }[] = [
  { name: 'answers 500', temper: { kind: 'status', status: 500, body: '{"error":"internal"}' } },
  {
    name: 'answers 503 with a page',
    temper: { kind: 'status', status: 503, body: `<html>${'x'.repeat(100_000)}</html>` },
  },
  { name: 'answers 401', temper: { kind: 'status', status: 401, body: '{"error":"unauthorized"}' } },
  { name: 'answers 429', temper: { kind: 'status', status: 429, body: '' } },
  { name: 'takes requests and never answers', temper: { kind: 'hangs' } },
  { name: 'resets connections', temper: { kind: 'resets' } },
  { name: 'takes the data and resets', temper: { kind: 'takes-and-resets' } },
  { name: 'is slow', temper: { kind: 'slow', delay: 3_000 } },
];

/** Longest pause between two tries of the bridge is five minutes; after a short time away it is far below a minute. */
const DELIVERED_WITHIN = 150_000;

export const serverPart: Part = {
  name: 'server',
  what: 'InfluxDB and the webhook',
  async run(context) {
    const { tally } = context;
    const arena = new Arena({
      part: 'server',
      meters: [
        { model: '403-mwh', port: 'tcp' },
        { model: '601-gj-x10', port: 'tcp' },
      ],
      ...context,
    });
    await arena.start();
    await arena.allFresh(performance.now(), STARTS_WITHIN);
    await inRounds(context, FAULTS, async ({ name, temper }, drawn) => {
      arena.suffers(name);
      const struck = arena.sink.struck;
      arena.sink.temper = temper;
      await pause(drawn.between(5_000, 12_000));
      arena.sink.temper = { kind: 'well' };
      const since = performance.now();
      tally.row('server', name).struck += arena.sink.struck - struck;
      // The broker must not have noticed anything.
      const fresh = await arena.allFresh(since, RECOVERS_WITHIN);
      const delivered = fresh === undefined ? undefined : await allDelivered(arena, since);
      tally.recovered('server', name, delivered, DELIVERED_WITHIN);
    });
    arena.suffers(CALM);
    await arena.stop();
  },
};

/** Milliseconds until InfluxDB has a point of every reading that the CSV files had at the beginning. */
async function allDelivered(arena: Arena, since: number): Promise<number | undefined> {
  const wanted = [...arena.rows];
  for (;;) {
    const missing = wanted.filter((each) => !arena.points.has(each));
    const took = performance.now() - since;
    if (missing.length === 0) return took;
    if (took > DELIVERED_WITHIN) {
      arena.found('readings that InfluxDB never got', `${missing.length}: ${missing.slice(0, 3).join(', ')}`);
      return undefined;
    }
    await pause(200);
  }
}
