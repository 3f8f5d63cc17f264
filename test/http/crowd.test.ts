import { connect, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { serving } from './support/serving.ts';

const GET = 'GET /page HTTP/1.1\r\nHost: localhost\r\n\r\n';
const BIG = 'x'.repeat(4_000_000);

/** A page that counts how often it was made. */
function counted(body = 'here') {
  const page = { made: 0 };
  const route = () => {
    page.made++;
    return { status: 200, type: 'text/plain', body };
  };
  return { page, routes: { '/page': route } };
}

interface Client {
  readonly socket: Socket;
  heard: string;
  closed: boolean;
}

async function client(port: number, reads = true): Promise<Client> {
  const socket = connect(port, '127.0.0.1');
  const heard: Client = { socket, heard: '', closed: false };
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => {});
  socket.on('close', () => {
    heard.closed = true;
  });
  if (reads)
    socket.on('data', (chunk) => {
      heard.heard += chunk.toString('latin1');
    });
  await new Promise((resolve) => socket.once('connect', resolve));
  return heard;
}

const answers = ({ heard }: Client): number => heard.split('HTTP/1.1 200').length - 1;

describe('a client that sends many requests at once', () => {
  it('gets each answer, one after the other', async () => {
    const { routes, page } = counted();
    const { port } = await serving({ routes });
    const many = await client(port);
    // In pieces that end anywhere, and with an empty line before the first, as old clients do.
    for (const part of `\r\n${GET.repeat(10)}`.match(/.{1,7}/gs) ?? []) many.socket.write(part);
    await eventually(() => answers(many) === 10);
    expect(page.made).toBeGreaterThan(0);
  });

  it('and takes no answer has one made, and keeps nobody else waiting', async () => {
    const { routes, page } = counted(BIG);
    const { port, url } = await serving({ routes: { ...routes, '/other': routes['/page'] } });
    const greedy = await Promise.all(Array.from({ length: 10 }, () => client(port, false)));
    for (const { socket } of greedy) socket.write(GET.repeat(2_000));
    await eventually(() => page.made > 0);
    for (let request = 0; request < 10; request++)
      expect((await fetch(`${url}/other`, { method: 'HEAD' })).status).toBe(200);
    // Of 20,000 requests: what is under way is one answer for each connection, and mostly the same one.
    expect(page.made).toBeLessThan(100);
  });

  it('with an end of line that only Unix has is no way around', async () => {
    const { routes, page } = counted(BIG);
    const { port, url } = await serving({ routes });
    const greedy = await client(port, false);
    greedy.socket.write('GET /page HTTP/1.1\nHost: localhost\n\n'.repeat(2_000));
    expect((await fetch(`${url}/page`, { method: 'HEAD' })).status).toBe(200);
    expect(page.made).toBeLessThanOrEqual(3);
  });

  it('has said its last word with a body, which nobody reads', async () => {
    const { routes } = counted();
    const { port } = await serving({ routes });
    const many = await client(port);
    many.socket.write(`POST /page HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n${GET}${GET}`);
    await eventually(() => many.closed);
    expect(many.heard).toMatch(/^HTTP\/1\.1 405/);
    expect(answers(many)).toBe(0);
  });
});

describe('an address', () => {
  it('has so many requests at once, and then so many a second', async () => {
    const clock = new FakeClock();
    const { routes } = counted();
    const { port } = await serving({ routes }, clock);
    const many = await client(port);
    many.socket.write(GET.repeat(60));
    await eventually(() => answers(many) === 40);
    for (let tenth = 0; tenth < 5; tenth++) await clock.advance(100);
    await eventually(() => answers(many) === 50);
    for (let tenth = 0; tenth < 5; tenth++) await clock.advance(100);
    await eventually(() => answers(many) === 60);
  });

  it('gets the last answer for a moment, where many were made that took long', async () => {
    const clock = new FakeClock();
    let made = 0;
    const slow = async () => {
      made++;
      await clock.advance(150);
      return { status: 200, type: 'text/plain', body: String(made) };
    };
    const { port } = await serving({ routes: { '/page': slow } }, clock);
    const many = await client(port);
    many.socket.write(GET.repeat(30));
    await eventually(() => answers(many) === 30);
    expect(made).toBeGreaterThan(5);
    expect(made).toBeLessThan(10);
    expect(many.heard.endsWith(`\r\n\r\n${made}`)).toBe(true);
    await clock.advance(2_000);
    many.socket.write(GET);
    await eventually(() => answers(many) === 31);
    expect(many.heard.endsWith(`\r\n\r\n${made}`)).toBe(true);
    expect(made).toBeLessThan(11);
  });
});

describe('connections that do nothing', () => {
  it('go where another one comes, the oldest first', async () => {
    const { routes } = counted();
    const { port, url } = await serving({ routes });
    const idle: Client[] = [];
    for (let each = 0; each < 50; each++) idle.push(await client(port));
    expect(await (await fetch(`${url}/page`)).text()).toBe('here');
    await eventually(() => idle.filter(({ closed }) => closed).length >= 35);
    expect(idle.map(({ closed }) => closed)).toEqual(idle.map((_, index) => index < 35));
  });

  it('go before those whose answer is under way', async () => {
    const { port } = await serving({
      routes: { '/page': () => new Promise(() => {}) },
    });
    const waiting = await client(port);
    waiting.socket.write(GET);
    const idle: Client[] = [];
    for (let each = 0; each < 30; each++) idle.push(await client(port));
    await eventually(() => idle.filter(({ closed }) => closed).length >= 15);
    expect(waiting.closed).toBe(false);
  });

  it.each([
    ['nothing was asked', ''],
    ['half a request came', GET.slice(0, 20)],
    ['the answer is not taken', GET],
  ])('are closed after a while where %s', async (_, said) => {
    const clock = new FakeClock();
    const { routes, page } = counted(BIG.repeat(4));
    const { port } = await serving({ routes }, clock);
    const lazy = await client(port, false);
    lazy.socket.write(said);
    if (said === GET) await eventually(() => page.made);
    await eventually(() => clock.pendingTimers);
    await clock.advance(10_000);
    lazy.socket.resume();
    await eventually(() => lazy.closed);
  });

  it('leave no timer when the server stops', async () => {
    const clock = new FakeClock();
    const { routes } = counted();
    const { port, server } = await serving({ routes }, clock);
    const many = await client(port);
    many.socket.write(GET.repeat(60));
    await eventually(() => answers(many) === 40);
    await client(port);
    expect(clock.pendingTimers).toBeGreaterThan(1);
    await server.stop();
    expect(clock.pendingTimers).toBe(0);
  });
});
