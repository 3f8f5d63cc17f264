import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { webServing } from './support/web-serving.ts';

/** Unpacks nothing. */
function got(url: string, headers: Record<string, string> = {}) {
  return new Promise<{ status: number | undefined; headers: NodeJS.Dict<string | string[]>; body: string }>(
    (resolve, reject) => {
      const asked = request(
        url,
        { headers, agent: false },
        (answer) =>
          void text(answer).then(
            (body) => resolve({ status: answer.statusCode, headers: answer.headers, body }),
            reject,
          ),
      );
      asked.once('error', reject);
      asked.end();
    },
  );
}

it('the page is packed as the browser likes it, and kept as long as it is true', async () => {
  const { url } = await webServing();
  const packed = await got(`${url}/`, { 'accept-encoding': 'gzip, deflate, br' });
  expect(packed.headers['content-encoding']).toBe('br');
  expect(packed.headers).toMatchObject({ 'cache-control': 'no-cache', vary: 'accept-encoding' });
  const gzip = await got(`${url}/`, { 'accept-encoding': 'gzip, br;q=0' });
  expect(gzip.headers['content-encoding']).toBe('gzip');
  const plain = await got(`${url}/?x=1`);
  expect(plain.body).toContain('<!doctype html>');
  expect(plain.headers['content-encoding']).toBeUndefined();
  expect(new Set([packed, gzip, plain].map(({ headers }) => headers.etag)).size).toBe(3);
  const again = await got(`${url}/`, { 'if-none-match': String(plain.headers.etag) });
  expect([again.status, again.body]).toEqual([304, '']);
  const script = await got(`${url}/main-ABCD2345.js`);
  expect(script.headers).toMatchObject({
    'content-type': 'text/javascript; charset=utf-8',
    'cache-control': 'public, max-age=31536000, immutable',
  });
});

it('the page may load nothing from elsewhere, and nothing that stands in it', async () => {
  const { url } = await webServing();
  const policy = String((await got(`${url}/`)).headers['content-security-policy']);
  expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
  expect(policy).not.toContain('unsafe');
});

it.each([
  '/index.html.br',
  '/secret.json',
  '/..%2fpackage.json',
  '/../package.json',
  '//evil.example/',
])('there is nothing at %s', async (path) => {
  const { url } = await webServing();
  expect((await got(`${url}${path}`)).status).toBe(404);
});

it('a program that was built without a page says so', async () => {
  const { url } = await webServing({ bundle: '/nowhere/at/all' });
  expect(await got(`${url}/`)).toMatchObject({ status: 503, body: expect.stringContaining('npm run build') });
});
