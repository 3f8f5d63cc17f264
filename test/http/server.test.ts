import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { healthAnswer } from '../../src/http/answer.ts';
import { LocalServer } from '../../src/http/server.ts';
import { eventually } from '../support/eventually.ts';
import { serving } from './support/serving.ts';

describe('the server for what is looked at', () => {
  it('answers by path, at once or later, with nothing that may be kept', async () => {
    const { url } = await serving();
    const answer = await fetch(`${url}/plain?query=1`);
    expect([answer.status, await answer.text()]).toEqual([200, 'here']);
    expect(answer.headers.get('content-type')).toBe('text/plain; version=1');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await (await fetch(`${url}/later`)).text()).toBe('in the end');
  });

  it('has the head alone for who wants no more', async () => {
    const { url } = await serving();
    const answer = await fetch(`${url}/plain`, { method: 'HEAD' });
    expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([
      200,
      'text/plain; version=1',
      '',
    ]);
  });

  it.each([
    '/',
    '/nowhere',
    '/constructor',
    '/__proto__',
    '/plain/',
    '//plain',
  ])('has nothing at %s', async (path) => {
    const { url } = await serving();
    expect((await fetch(`${url}${path}`)).status).toBe(404);
  });

  it('takes nothing', async () => {
    const { url } = await serving();
    for (const method of ['POST', 'PUT', 'DELETE'])
      expect((await fetch(`${url}/plain`, { method })).status).toBe(405);
  });

  it('lives through an answer that cannot be made, and does not say why to everyone', async () => {
    const { url, failures } = await serving();
    const answer = await fetch(`${url}/broken`);
    expect([answer.status, await answer.text()]).toEqual([
      500,
      'This could not be made; the log says why.\n',
    ]);
    expect(failures).toEqual(['with a secret']);
    expect((await fetch(`${url}/plain`)).status).toBe(200);
  });

  it('lets in whom it is told to', async () => {
    const { url } = await serving({
      access: (address, path) => address === '127.0.0.1' && path === '/plain',
    });
    expect((await fetch(`${url}/plain`)).status).toBe(200);
    expect((await fetch(`${url}/later`)).status).toBe(403);
  });

  it('listens at a port as soon as it is free, when it is asked again', async () => {
    const { server } = await serving();
    const port = server.port ?? 0;
    const ports: number[] = [];
    const failures: unknown[] = [];
    const second = new LocalServer({
      host: '127.0.0.1',
      port,
      routes: {},
      hosts: [],
      listening: (at) => ports.push(at),
      failed: (error) => failures.push(error),
    });
    onTestFinished(() => second.stop());
    second.start();
    await eventually(() => failures.length);
    expect([second.port, failures]).toMatchObject([undefined, [{ code: 'EADDRINUSE' }]]);
    await server.stop();
    second.start();
    await eventually(() => ports.length);
    expect(ports).toEqual([port]);
  });

  it('is gone when it is stopped, with the connections that were open', async () => {
    const { server, url } = await serving();
    await (await fetch(`${url}/plain`)).text();
    const idle = connect(server.port ?? 0, '127.0.0.1');
    await new Promise((resolve) => idle.once('connect', resolve));
    const closed = text(idle);
    await server.stop();
    expect(await closed).toBe('');
    expect(server.port).toBeUndefined();
    await expect(fetch(`${url}/plain`)).rejects.toThrow();
  });

  it('is gone too when it is stopped before it listens', async () => {
    const ports: number[] = [];
    const server = new LocalServer({
      host: 'localhost',
      port: 0,
      routes: {},
      hosts: [],
      listening: (at) => ports.push(at),
      failed: () => {},
    });
    server.start();
    await server.stop();
    // A second look-up of the same name ends after the first.
    const other = new LocalServer({
      host: 'localhost',
      port: 0,
      routes: {},
      hosts: [],
      listening: () => {},
      failed: () => {},
    });
    onTestFinished(() => other.stop());
    other.start();
    await eventually(() => other.port);
    await eventually(() => server.port === undefined);
    expect(ports).toEqual([]);
  });
});

describe('an answer about health', () => {
  it('is ok where there is nothing to say, and else every reason on a line of its own', () => {
    expect(healthAnswer([])).toMatchObject({ status: 200, body: 'ok\n' });
    expect(healthAnswer(['this', 'that'])).toMatchObject({ status: 503, body: 'this\nthat\n' });
  });
});
