import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { HttpClient, type HttpClientOptions } from '../../src/http/client.ts';
import { LOCALHOST_CERTIFICATE, LOCALHOST_KEY } from '../mqtt/support/localhost-certificate.ts';
import { HttpReceiver } from '../support/http-receiver.ts';
import { namesAre } from '../support/name-service.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const answerAll: RequestListener = (request, response) => {
  void bodyOf(request).then((body) => {
    response.writeHead(201, { 'x-method': request.method ?? '', 'x-token': request.headers.token ?? '' });
    response.end(request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body);
  });
};

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts);
}

async function portOf(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

function client(options: Partial<HttpClientOptions> = {}): HttpClient {
  const made = new HttpClient({ ca: '', rejectUnauthorized: true, ...options });
  onTestFinished(() => made.close());
  return made;
}

const get = { method: 'GET' as const, headers: {} };

describe('an HTTP client', () => {
  it('sends a body as it is, or compressed, and hands back what the server says', async () => {
    const url = `http://127.0.0.1:${await portOf(createServer(answerAll))}/`;
    for (const gzip of [false, true]) {
      const post = { method: 'POST' as const, url, headers: { token: 't' }, body: 'heat=1 æ', gzip };
      expect(await client().send(post)).toMatchObject({
        status: 201,
        headers: { 'x-method': 'POST', 'x-token': 't' },
        body: 'heat=1 æ',
      });
    }
  });

  it('follows no redirect: it might lead a token elsewhere', async () => {
    const moving = createServer((_, response) => response.writeHead(302, { location: '/there' }).end());
    expect(await client().send({ ...get, url: `http://127.0.0.1:${await portOf(moving)}/` })).toMatchObject({
      status: 302,
    });
  });

  it('trusts the authority that it was given, and no other', async () => {
    const server = createTlsServer({ cert: LOCALHOST_CERTIFICATE, key: LOCALHOST_KEY }, answerAll);
    const url = `https://localhost:${await portOf(server)}/`;
    const ca = join(temporaryFolder({ 'ca.pem': LOCALHOST_CERTIFICATE }), 'ca.pem');
    expect((await client({ ca }).send({ ...get, url })).status).toBe(201);
    expect((await client({ rejectUnauthorized: false }).send({ ...get, url })).status).toBe(201);
    await expect(client().send({ ...get, url })).rejects.toThrow(
      /^https:\/\/localhost:\d+: its certificate is signed by somebody unknown; name the file/,
    );
  });

  it('says what is wrong at a name with several addresses', async () => {
    namesAre(['127.0.0.1', '127.0.0.2']);
    await expect(client().send({ ...get, url: 'http://server.example:9/secret' })).rejects.toThrow(
      /^http:\/\/server.example:9: nothing listens there; is the/,
    );
  });

  it.each<[what: string, url: string, message: RegExp]>([
    ['nobody listens', 'http://127.0.0.1:9/secret', /^http:\/\/127.0.0.1:9: nothing listens there; is the/],
    [
      'a name is not known',
      'http://nobody.invalid/secret',
      /^http:\/\/nobody.invalid: its name is not known/,
    ],
  ])('says what is wrong where %s', async (_, url, message) => {
    const sent = client().send({ ...get, url });
    await expect(sent).rejects.toMatchObject({ code: 'failed', message: expect.stringMatching(message) });
    await expect(sent).rejects.not.toThrow('secret');
  });

  it.each<[what: string, answer: string, message: RegExp]>([
    ['is no web server', 'SSH-2.0\r\n\r\n', /what answers there is no web server/],
    ['hangs up', '', /it closed the connection/],
  ])('says so where what answers %s', async (_, answer, message) => {
    const port = await portOf(createTcpServer((socket) => socket.end(answer)));
    await expect(client().send({ ...get, url: `http://127.0.0.1:${port}` })).rejects.toThrow(message);
  });

  it('does not wait for ever', async () => {
    const silent = createServer(() => {});
    const url = `http://127.0.0.1:${await portOf(silent)}`;
    onTestFinished(() => silent.closeAllConnections());
    await expect(client({ patience: 50 }).send({ ...get, url })).rejects.toThrow('takes too long');
  });

  it('does not wait for ever for an answer that drips either', async () => {
    const dripping = createServer((_, response) => {
      const drops = setInterval(() => response.write('.'), 20);
      response.on('close', () => clearInterval(drops));
    });
    onTestFinished(() => dripping.closeAllConnections());
    const url = `http://127.0.0.1:${await portOf(dripping)}`;
    await expect(client({ patience: 100 }).send({ ...get, url })).rejects.toThrow('takes too long');
  });

  it('cuts what is under way when it is closed', async () => {
    const silent = createServer(() => {});
    const url = `http://127.0.0.1:${await portOf(silent)}`;
    const closing = client();
    const sent = closing.send({ ...get, url });
    silent.once('request', () => void closing.close());
    await expect(sent).rejects.toMatchObject({ code: 'failed' });
  });

  it('sends nothing any more once it is closed, also where it was just about to', async () => {
    const receiver = await new HttpReceiver().start();
    const closing = client();
    const sent = closing.send({ ...get, url: receiver.url });
    await closing.close();
    await expect(sent).rejects.toMatchObject({ code: 'failed' });
    expect(receiver.received).toEqual([]);
  });

  it('does not listen to a long story', async () => {
    const long = createServer((_, response) => response.end('x'.repeat(1_000_000)));
    const { body } = await client().send({ ...get, url: `http://127.0.0.1:${await portOf(long)}` });
    expect(body.length).toBe(16_384);
  });

  it('looks for the authority anew where its file was not there', async () => {
    const ca = join(temporaryFolder(), 'later.pem');
    await expect(client({ ca }).send({ ...get, url: 'https://localhost:9' })).rejects.toThrow(/ENOENT/);
  });
});
