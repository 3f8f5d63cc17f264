import { describe, expect, it } from 'vitest';
import type { AskedWithBody, ServedRoute } from '../../src/http/answer.ts';
import { eventually } from '../support/eventually.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { rawClient } from './support/raw-client.ts';
import { serving } from './support/serving.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

/** Answers with what it was asked. */
function echo(method: ServedRoute['method'], path: string): ServedRoute {
  return {
    method,
    path,
    handle: ({ parameters, query, body }: AskedWithBody) => ({
      status: 201,
      type: 'application/json',
      body: JSON.stringify({ parameters, query: query.get('q'), body }),
      headers: { 'cache-control': 'private', 'x-own': 'yes' },
    }),
  };
}

const more = [echo('POST', '/meters/:name/read'), echo('GET', '/meters/:name'), echo('GET', '/meters/all')];

describe('a route', () => {
  it('gets what stands in its path, its query and its body, and answers with headers of its own', async () => {
    const { url } = await serving({ more });
    const answer = await fetch(`${url}/meters/My%20house%2F2/read?q=1`, {
      method: 'POST',
      headers: JSON_TYPE,
      body: '{"a":[1,"ø"]}',
    });
    expect([answer.status, await answer.json()]).toEqual([
      201,
      { parameters: { name: 'My house/2' }, query: '1', body: { a: [1, 'ø'] } },
    ]);
    expect([answer.headers.get('cache-control'), answer.headers.get('x-own')]).toEqual(['private', 'yes']);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('that is written out goes before one that stands for anything', async () => {
    const { url } = await serving({ more });
    expect(await (await fetch(`${url}/meters/all`)).json()).toEqual({ parameters: {}, query: null });
  });

  it.each([
    '/meters/',
    '/meters/%E0%A4%A',
    '/meters/a/b',
    '/meters/a/read/',
    '/meters',
  ])('is not found at %s', async (path) => {
    const { url } = await serving({ more });
    expect((await fetch(`${url}${path}`)).status).toBe(404);
  });

  it('says by which method it is asked', async () => {
    const { url } = await serving({ more });
    const answer = await fetch(`${url}/meters/a`, { method: 'DELETE' });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET']);
    expect((await fetch(`${url}/meters/a`, { method: 'HEAD' })).status).toBe(201);
  });

  it('that keeps somebody out does so before a body is read', async () => {
    const { url, port } = await serving({
      more,
      refusal: ({ headers }) =>
        headers['x-key'] === 'right' ? undefined : { status: 401, type: 'text/plain', body: 'no' },
    });
    const kept = await rawClient(
      port,
      'POST /meters/a/read HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n',
    );
    await eventually(() => kept.closed);
    expect(kept.heard).toMatch(/^HTTP\/1\.1 401/);
    expect((await fetch(`${url}/meters/a`, { headers: { 'x-key': 'right' } })).status).toBe(201);
  });
});

describe('a body', () => {
  const post = (url: string, body: string, headers: Record<string, string> = JSON_TYPE) =>
    fetch(`${url}/meters/a/read`, { method: 'POST', headers, body });

  it('of 16 kB is taken, and the connection is good for the next one', async () => {
    const { port } = await serving({ more });
    const text = JSON.stringify('x'.repeat(16 * 1024 - 2));
    const head = `POST /meters/a/read HTTP/1.1\r\nHost: a\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${text.length}\r\n\r\n`;
    const client = await rawClient(port, `${head}${text}${head}`);
    client.socket.write(text);
    await eventually(() => client.heard.split('HTTP/1.1 201').length === 3);
    expect(client.closed).toBe(false);
  });

  it('that is longer, of another kind, or no JSON is not taken', async () => {
    const { url } = await serving({ more });
    expect((await post(url, JSON.stringify('x'.repeat(16 * 1024)))).status).toBe(413);
    expect((await post(url, 'a=1', { 'content-type': 'application/x-www-form-urlencoded' })).status).toBe(
      415,
    );
    expect((await post(url, '{"a":1}', { 'content-type': 'text/plain' })).status).toBe(415);
    expect((await post(url, '{')).status).toBe(400);
  });

  it('whose length is not known beforehand is not taken, nor what could be a request in it', async () => {
    const { port } = await serving({ more });
    const client = await rawClient(
      port,
      'POST /meters/a/read HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\nGET /meters/a HTTP/1.1\r\nHost: a\r\n\r\n',
    );
    await eventually(() => client.closed);
    expect(client.heard).toMatch(/^HTTP\/1\.1 411/);
    expect(client.heard).not.toContain('HTTP/1.1 201');
  });

  it('that does not come ends the connection after a while', async () => {
    const clock = new FakeClock();
    const { port } = await serving({ more }, clock);
    const slow = await rawClient(
      port,
      'POST /meters/a/read HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{"a"',
    );
    await eventually(() => clock.pendingTimers);
    await clock.advance(10_000);
    await eventually(() => slow.closed);
    expect(slow.heard).toBe('');
  });

  it('that the work upon takes long is waited for', async () => {
    const clock = new FakeClock();
    let done = (): void => {};
    let begun = false;
    const slow: ServedRoute = {
      method: 'POST',
      path: '/slow',
      handle: () => {
        begun = true;
        return new Promise((resolve) => {
          done = () => resolve({ status: 200, type: 'text/plain', body: 'at last' });
        });
      },
    };
    const { url } = await serving({ more: [slow] }, clock);
    const answer = fetch(`${url}/slow`, { method: 'POST' });
    await eventually(() => begun);
    await clock.advance(60_000);
    done();
    expect(await (await answer).text()).toBe('at last');
  });
});

it('answers that are somebody’s own are made one after the other, so that readings come first', async () => {
  const clock = new FakeClock();
  let made = 0;
  const costly: ServedRoute = {
    method: 'GET',
    path: '/costly',
    handle: () => {
      made++;
      return { status: 200, type: 'text/plain', body: 'here' };
    },
  };
  const { port } = await serving({ more: [costly] }, clock);
  const get = 'GET /costly HTTP/1.1\r\nHost: a\r\n\r\n';
  // Each address may ask for forty at once; a hundred are made at once.
  for (const from of ['127.0.0.1', '127.0.0.2', '127.0.0.3'])
    await rawClient(port, get.repeat(40), true, from);
  await eventually(() => made === 100);
  for (let tenth = 0; tenth < 10; tenth++) await clock.advance(100);
  await eventually(() => made >= 103);
  expect(made).toBeLessThan(115);
});
