import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { everyone, ingressOnly, WebServer, type WebServerOptions } from '../../src/web/server.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { eventually } from '../support/eventually.ts';

const logger = new CollectingLogger();

async function serving(changed: Partial<WebServerOptions> = {}) {
  const server = new WebServer({
    host: '127.0.0.1',
    port: 0,
    access: everyone,
    hosts: [],
    status: () => ({
      version: '1.2.3',
      clockProblem: undefined,
      startedAt: 0,
      broker: { connected: false, address: undefined, problem: undefined },
      outputs: [],
      meters: [],
      log: [],
    }),
    stuck: () => [],
    logger,
    ...changed,
  });
  server.start();
  onTestFinished(() => server.stop());
  await eventually(() => server.port);
  return { server, url: `http://127.0.0.1:${server.port}` };
}

describe('the status server', () => {
  it('serves the page, and nothing may be loaded into it or keep it', async () => {
    const { url } = await serving();
    const answer = await fetch(url);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(answer.headers.get('content-security-policy')).toMatch(
      /default-src 'none'.*frame-ancestors 'self'/,
    );
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await answer.text()).toContain('<h1>multical2mqtt</h1>');
  });

  it('takes a query for no other page', async () => {
    const { url } = await serving();
    expect((await fetch(`${url}/?x=1`)).status).toBe(200);
  });

  it('has no other page and takes nothing', async () => {
    const { url } = await serving();
    expect((await fetch(`${url}/../etc/passwd`)).status).toBe(404);
    expect((await fetch(`${url}//evil.example/`)).status).toBe(404);
    expect((await fetch(url, { method: 'POST', body: 'x' })).status).toBe(405);
    const head = await fetch(url, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  it('says whether something is stuck', async () => {
    const stuck: string[] = [];
    const { url } = await serving({ stuck: () => stuck });
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    stuck.push('A reading of House does not come to an end');
    const answer = await fetch(`${url}/healthz`);
    expect([answer.status, await answer.text()]).toEqual([503, `${stuck[0]}\n`]);
  });

  it('is no way in for who is not let in', async () => {
    const { url } = await serving({ access: ingressOnly('172.30.32.2') });
    const answer = await fetch(url);
    expect([answer.status, await answer.text()]).toEqual([403, 'Not from here.\n']);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  it('lives through what is no request', async () => {
    const { server, url } = await serving();
    const socket = connect(server.port ?? 0, '127.0.0.1');
    socket.end('\u0000\u0001 nonsense\r\n\r\n');
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 400/);
    expect((await fetch(url)).status).toBe(200);
  });

  it('is done without where its port is taken', async () => {
    const { server } = await serving();
    const other = new CollectingLogger();
    const second = new WebServer({
      host: '127.0.0.1',
      port: server.port ?? 0,
      access: everyone,
      hosts: [],
      status: () => {
        throw new Error('not asked');
      },
      stuck: () => [],
      logger: other,
    });
    second.start();
    await eventually(
      () =>
        other.matching(
          /warn There is no status page: this program itself has port \d+ of .* already\. Choose another "web\.port"/,
        ).length,
    );
    expect(second.port).toBeUndefined();
    await second.stop();
  });
});

describe('behind ingress', () => {
  const access = ingressOnly('172.30.32.2');

  it.each([
    ['172.30.32.2', '/', true],
    ['::ffff:172.30.32.2', '/', true],
    ['172.30.32.20', '/', false],
    ['172.30.32.1', '/', false],
    ['172.30.32.1', '/healthz', false],
    ['127.0.0.1', '/', false],
    ['127.0.0.1', '/healthz', true],
    ['::1', '/healthz', true],
    ['::ffff:127.0.0.1', '/healthz', true],
    ['', '/', false],
  ])('%s sees %s: %s', (address, path, allowed) => {
    expect(access(address, path)).toBe(allowed);
  });
});
