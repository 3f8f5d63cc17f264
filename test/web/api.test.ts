import { createServer, request } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type ApiRequest, type ApiRoute, Refused } from '../../src/web/route.ts';
import { webServing } from './support/web-serving.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

const routes: ApiRoute[] = [
  {
    method: 'GET',
    path: 'api/v1/meters/:name',
    summary: '',
    handle: ({ language, parameters }: ApiRequest) => ({ json: { language, ...parameters } }),
  },
  { method: 'POST', path: 'api/v1/do', summary: '', handle: ({ body }) => ({ json: { body }, status: 202 }) },
  {
    method: 'POST',
    path: 'api/v1/refused',
    summary: '',
    handle: () => {
      throw new Refused(409, 'Enough for today.');
    },
  },
  {
    method: 'GET',
    path: 'api/v1/broken',
    summary: '',
    handle: () => Promise.reject(new Error('password=hunter2')),
  },
  {
    method: 'GET',
    path: 'api/v1/csv',
    summary: '',
    handle: () => ({ csv: 'a,b\n', name: 'My "house".csv' }),
  },
  {
    method: 'GET',
    path: 'api/v1/lines',
    summary: '',
    handle: () => ({
      lines: (async function* () {
        yield { kind: 'waiting' };
        yield { kind: 'over' };
      })(),
    }),
  },
];

describe('the API', () => {
  it.each([
    ['?language=da', 'nl', 'da'],
    ['?language=da-DK', 'nl', 'da'],
    ['?language=fi', 'sv', 'sv'],
    ['', 'fi,de;q=0.5,nl;q=0.9', 'nl'],
    ['', 'de;q=0,en', 'en'],
    ['', '*', 'en'],
  ])('%s, accepting %s, is in %s', async (query, accepted, language) => {
    const { url } = await webServing({ routes });
    const answer = await fetch(`${url}/api/v1/meters/House${query}`, {
      headers: { 'accept-language': accepted },
    });
    expect(await answer.json()).toEqual({ language, name: 'House' });
  });

  it('gives JSON, CSV to be saved, and lines', async () => {
    const { url } = await webServing({ routes });
    const answer = await fetch(`${url}/api/v1/do`, { method: 'POST', headers: JSON_TYPE, body: '{"a":1}' });
    expect([answer.status, await answer.json()]).toEqual([202, { body: { a: 1 } }]);
    const csv = await fetch(`${url}/api/v1/csv`);
    expect([csv.headers.get('content-disposition'), await csv.text()]).toEqual([
      'attachment; filename="My-house-.csv"',
      'a,b\n',
    ]);
    expect(await (await fetch(`${url}/api/v1/lines`)).text()).toBe('{"kind":"waiting"}\n{"kind":"over"}\n');
  });

  it('says why not, and tells nobody but the log what broke', async () => {
    const { url, logger } = await webServing({ routes });
    const refused = await fetch(`${url}/api/v1/refused`, { method: 'POST', headers: JSON_TYPE });
    expect([refused.status, await refused.json()]).toEqual([409, { error: 'Enough for today.' }]);
    const broken = await fetch(`${url}/api/v1/broken`);
    expect([broken.status, await broken.text()]).toEqual([
      500,
      '{"error":"This could not be done; the log says why."}',
    ]);
    expect(logger.matching(/could not do what was asked: password=hunter2/)).toHaveLength(1);
    const nowhere = await fetch(`${url}/api/v1/nowhere`);
    expect([nowhere.status, await nowhere.json()]).toEqual([404, { error: 'There is no such page.' }]);
  });

  it.each<[string, Record<string, string>, number]>([
    ['a form of another site', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['a form with text', { 'content-type': 'text/plain' }, 415],
    ['another site, by the browser', { ...JSON_TYPE, 'sec-fetch-site': 'cross-site' }, 403],
    ['another port, by the browser', { ...JSON_TYPE, 'sec-fetch-site': 'same-site' }, 403],
    ['another site, by its origin', { ...JSON_TYPE, origin: 'http://evil.example' }, 403],
    ['a page without an origin', { ...JSON_TYPE, origin: 'null' }, 403],
    ['our own page', { ...JSON_TYPE, 'sec-fetch-site': 'same-origin', origin: 'https://anything' }, 202],
    ['our own page over HTTP', { ...JSON_TYPE, origin: 'http://{host}' }, 202],
    [
      'Home Assistant, which passes us its name',
      { ...JSON_TYPE, origin: 'http://ha.lan:8123', 'x-forwarded-host': 'ha.lan:8123' },
      202,
    ],
    ['our public address', { ...JSON_TYPE, origin: 'https://heat.example.com' }, 202],
    ['curl', JSON_TYPE, 202],
  ])('%s sends something: answer %3$s', async (_, headers, status) => {
    const { url, port } = await webServing({ routes, origins: ['https://heat.example.com'] });
    const filled = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, value.replace('{host}', `127.0.0.1:${port}`)]),
    );
    expect(await posted(`${url}/api/v1/do`, filled)).toBe(status);
  });

  it('does nothing for a name that somebody lets point here', async () => {
    const { url } = await webServing({ routes });
    expect(await posted(`${url}/api/v1/do`, { ...JSON_TYPE, host: 'evil.example.com' })).toBe(421);
  });

  it('works below the prefix of a proxy, which takes it away', async () => {
    const { port } = await webServing({ routes });
    const proxy = createServer((incoming, outgoing) => {
      const path = (incoming.url ?? '').replace(/^\/prefix/, '');
      const { method, headers } = incoming;
      incoming.pipe(
        request(
          { port, host: '127.0.0.1', path, method, headers: { ...headers, 'x-ingress-path': '/prefix' } },
          (answer) => {
            outgoing.writeHead(answer.statusCode ?? 0, answer.headers);
            answer.pipe(outgoing);
          },
        ),
      );
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void proxy.close());
    const address = proxy.address();
    const at = typeof address === 'object' ? address?.port : undefined;
    expect(await (await fetch(`http://127.0.0.1:${at}/prefix/`)).text()).toContain('<!doctype html>');
    const headers = { ...JSON_TYPE, origin: `http://127.0.0.1:${at}` };
    expect(await posted(`http://127.0.0.1:${at}/prefix/api/v1/do`, headers)).toBe(202);
  });
});

/** As a browser would, which `fetch` is not allowed to imitate. */
function posted(url: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asked = request(
      url,
      { method: 'POST', headers: { ...headers, 'content-length': '2' }, agent: false },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      },
    );
    asked.once('error', reject);
    asked.end('{}');
  });
}
