import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import type { ApiRoute } from '../../src/web/route.ts';
import { everyone, ingressOnly, WebServer } from '../../src/web/server.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { eventually } from '../support/eventually.ts';
import { bundleFolder, webServing } from './support/web-serving.ts';

const stateOnly: ApiRoute[] = [
  { method: 'GET', path: 'api/v1/state', summary: '', handle: () => ({ json: {} }) },
];

describe("the page's server", () => {
  it('has no other page and takes nothing', async () => {
    const { url } = await webServing();
    expect((await fetch(`${url}/../etc/passwd`)).status).toBe(404);
    const headers = { 'content-type': 'application/json' };
    expect((await fetch(url, { method: 'POST', headers, body: '{}' })).status).toBe(405);
    const head = await fetch(url, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  it('shows nothing but why, where others could see it and nobody said that they may', async () => {
    const { url, logger } = await webServing({ shut: 'Set web.password', routes: stateOnly });
    const answer = await fetch(url);
    expect([answer.status, await answer.text()]).toEqual([403, 'Set web.password\n']);
    expect((await fetch(`${url}/api/v1/state`)).status).toBe(404);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    expect(logger.matching(/The page is at/)).toEqual([]);
  });

  it('says whether something is stuck', async () => {
    const stuck: string[] = [];
    const { url } = await webServing({ stuck: () => stuck });
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    stuck.push('A reading of House does not come to an end');
    const answer = await fetch(`${url}/healthz`);
    expect([answer.status, await answer.text()]).toEqual([503, `${stuck[0]}\n`]);
  });

  it('is no way in for who is not let in', async () => {
    const { url } = await webServing({ access: ingressOnly('172.30.32.2') });
    const answer = await fetch(url);
    expect([answer.status, await answer.text()]).toEqual([403, 'Not from here.\n']);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  it('lives through what is no request', async () => {
    const { server, url } = await webServing();
    const socket = connect(server.port ?? 0, '127.0.0.1');
    socket.end('\u0000\u0001 nonsense\r\n\r\n');
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 400/);
    expect((await fetch(url)).status).toBe(200);
  });

  it('is done without where its port is taken', async () => {
    const { server } = await webServing();
    const other = new CollectingLogger();
    const second = new WebServer({
      host: '127.0.0.1',
      port: server.port ?? 0,
      access: everyone,
      hosts: [],
      routes: [],
      bundle: bundleFolder(),
      stuck: () => [],
      logger: other,
    });
    second.start();
    await eventually(
      () =>
        other.matching(
          /warn There is no page: this program itself has port \d+ of .* already\. Choose another "web\.port"/,
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
