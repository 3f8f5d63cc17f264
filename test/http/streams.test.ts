import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { ServedRoute } from '../../src/http/answer.ts';
import type { Clock } from '../../src/shared/clock.ts';
import { untilAborted } from '../../src/shared/clock.ts';
import { eventually } from '../support/eventually.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { rawClient } from './support/raw-client.ts';
import { serving } from './support/serving.ts';

const GET = 'GET /stream HTTP/1.1\r\nHost: a\r\n\r\n';

/** A stream of what `pieces` gives: how many look on, and how much was asked for. */
async function streaming(pieces?: (asked: number) => string, clock?: Clock) {
  const seen = { open: 0, asked: 0, ended: 0 };
  const route: ServedRoute = {
    method: 'GET',
    path: '/stream',
    handle: ({ gone }) => ({
      type: 'text/event-stream',
      heartbeat: ': still here\n\n',
      chunks: (async function* () {
        seen.open++;
        try {
          yield 'first\n';
          while (pieces !== undefined && !gone.aborted) {
            await turn();
            yield pieces(seen.asked++);
          }
          await untilAborted(gone);
        } finally {
          seen.ended++;
        }
      })(),
    }),
  };
  return { seen, ...(await serving({ more: [route] }, clock)) };
}

describe('an answer that does not end', () => {
  it('goes on beyond the patience for others, with a word from time to time, while it is listened to', async () => {
    const clock = new FakeClock();
    const { port, seen } = await streaming(undefined, clock);
    const client = await rawClient(port, GET);
    await eventually(() => client.heard.includes('first'));
    for (let minute = 0; minute < 3; minute++) await clock.advance(15_000);
    await eventually(() => client.heard.split(': still here').length === 4);
    expect([client.closed, seen.ended]).toEqual([false, 0]);
  });

  it('ends for whoever makes it when the client goes', async () => {
    const clock = new FakeClock();
    const { port, seen } = await streaming(undefined, clock);
    const client = await rawClient(port, GET);
    await eventually(() => client.heard.includes('first'));
    client.socket.destroy();
    await eventually(() => seen.ended === 1);
    await eventually(() => clock.pendingTimers === 0);
  });

  it('ends at once when the server stops', async () => {
    const clock = new FakeClock();
    const { port, server, seen } = await streaming(undefined, clock);
    const clients = await Promise.all([1, 2, 3].map(() => rawClient(port, GET)));
    await eventually(() => clients.every(({ heard }) => heard.includes('first')));
    await server.stop();
    await eventually(() => clients.every(({ closed }) => closed) && seen.ended === 3);
    expect(clock.pendingTimers).toBe(0);
  });

  it('asks for no more than the client takes, and lets it go when it takes nothing', async () => {
    const clock = new FakeClock();
    const { port, seen } = await streaming(() => 'x'.repeat(100_000), clock);
    const lazy = await rawClient(port, GET, false);
    await eventually(() => seen.asked > 0);
    // The system's own buffers take some megabytes first; time without an end lets nobody go who still takes something.
    await eventually(async () => {
      await clock.advance(10_000);
      return seen.ended === 1 || seen.asked >= 1_000;
    });
    expect(seen.asked).toBeLessThan(1_000);
    await eventually(() => seen.ended === 1);
    lazy.socket.resume();
    await eventually(() => lazy.closed);
  });

  it('is given to so many at one address, and pages to others all the same', async () => {
    const { port, url, seen } = await streaming();
    const clients = await Promise.all(Array.from({ length: 16 }, () => rawClient(port, GET)));
    await eventually(() => clients.every(({ heard }) => heard.includes('first')));
    const refused = await fetch(`${url}/stream`);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '30']);
    for (let page = 0; page < 5; page++) expect((await fetch(`${url}/plain`)).status).toBe(200);
    expect(clients.filter(({ closed }) => closed)).toEqual([]);
    clients[0]?.socket.destroy();
    await eventually(() => seen.ended === 1);
    const next = await rawClient(port, GET);
    await eventually(() => next.heard.includes('first'));
  });

  it('that breaks off is cut, and what broke it told', async () => {
    const broken: ServedRoute = {
      method: 'GET',
      path: '/broken-stream',
      handle: () => ({
        type: 'text/plain',
        chunks: (async function* () {
          yield 'first\n';
          throw new Error('with a secret');
        })(),
      }),
    };
    const { url, failures } = await serving({ more: [broken] });
    const answer = await fetch(`${url}/broken-stream`);
    await expect(answer.text()).rejects.toThrow();
    expect(failures).toEqual(['with a secret']);
  });
});
