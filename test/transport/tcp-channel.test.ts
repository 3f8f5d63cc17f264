import { createServer, type Server, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { hasCode, messageOf } from '../../src/shared/errors.ts';
import { TcpChannel } from '../../src/transport/tcp-channel.ts';
import { eventually } from '../support/eventually.ts';
import { namesAre } from '../support/name-service.ts';
import { bytes, HeardChannel } from './support/heard-channel.ts';

/** A gateway on a free port of this machine. */
async function gateway(host = '127.0.0.1') {
  const peers: Socket[] = [];
  let received = '';
  const server: Server = createServer((socket) => {
    peers.push(socket);
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  onTestFinished(() => {
    for (const peer of peers) peer.destroy();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    port,
    received: () => received,
    async peer(): Promise<Socket> {
      await eventually(() => peers.length > 0);
      return peers[0] as Socket;
    },
    connections: () => peers.filter((peer) => !peer.destroyed).length,
  };
}

async function connected() {
  const server = await gateway();
  const heard = new HeardChannel(new TcpChannel('127.0.0.1', server.port));
  onTestFinished(() => heard.channel.close());
  await heard.channel.open();
  return { ...heard, heard, server, channel: heard.channel, peer: await server.peer() };
}

function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('a gateway in the network', () => {
  test('gets what we write and is heard', async () => {
    const { channel, heard, peer, server } = await connected();
    await channel.write(bytes('\x80?\x02'));
    peer.write('@?');
    peer.write('\x02', 'latin1');
    await heard.hears('@?\x02');
    expect(heard.received).toBe('@?\x02');
    await eventually(() => server.received().length === 3);
    expect(server.received()).toBe('\x80?\x02');
  });

  test('is named as in the configuration', () => {
    expect(new TcpChannel('192.168.1.20', 2000).name).toBe('tcp://192.168.1.20:2000');
    expect(new TcpChannel('[::1]', 2000).name).toBe('tcp://[::1]:2000');
  });

  test('may have an address in brackets', async (context) => {
    const server = await gateway('::1').catch(() => context.skip('no IPv6 here'));
    const channel = new TcpChannel('[::1]', server.port);
    await channel.open();
    await channel.close();
  });
});

describe('a gateway that is not there', () => {
  test('cannot be opened, and the error says what to look at', async () => {
    const channel = new TcpChannel('127.0.0.1', 1);
    const error = await rejection(channel.open());
    expect(hasCode(error, 'port-failed')).toBe(true);
    expect(messageOf(error)).toMatch(
      /^Cannot reach tcp:\/\/127\.0\.0\.1:1: connect ECONNREFUSED.*Is the gateway on/,
    );
  });

  test('is told with each address that its name has', async () => {
    namesAre(['127.0.0.1', '127.0.0.2']);
    const error = await rejection(new TcpChannel('gateway.example', 1).open());
    expect(messageOf(error)).toMatch(
      /^Cannot reach tcp:\/\/gateway\.example:1: connect ECONNREFUSED 127\.0\.0\.1:1; connect ECONNREFUSED 127\.0\.0\.2:1\. Is/,
    );
  });

  test('does not close, because it was never open', async () => {
    const heard = new HeardChannel(new TcpChannel('127.0.0.1', 1));
    await rejection(heard.channel.open());
    await heard.channel.close();
    expect(heard.closes).toEqual([]);
  });

  test('fails what was written before that was known', async () => {
    const channel = new TcpChannel('127.0.0.1', 1);
    const opening = rejection(channel.open());
    expect(hasCode(await rejection(channel.write(bytes('x'))), 'channel-closed')).toBe(true);
    await opening;
  });

  test('is no longer waited for when we close it while it is being opened', async () => {
    // A documentation address (RFC 5737): nobody answers there.
    const channel = new TcpChannel('192.0.2.1', 2000);
    const opening = rejection(channel.open());
    await channel.close();
    expect(await opening).toBeInstanceOf(Error);
  });
});

describe('a gateway that goes away', () => {
  test('by closing the connection closes the channel, with words', async () => {
    const { heard, peer } = await connected();
    peer.end();
    const error = await heard.closed();
    expect(hasCode(error, 'channel-closed')).toBe(true);
    expect(messageOf(error)).toMatch(
      /went away: the other side closed the connection\. Was the gateway restarted, or does another program use it/,
    );
  });

  test('by breaking the connection closes the channel once, with words', async () => {
    const { heard, peer } = await connected();
    peer.resetAndDestroy();
    const error = await heard.closed();
    expect(hasCode(error, 'channel-closed')).toBe(true);
    expect(messageOf(error)).toMatch(/ECONNRESET/);
    expect(heard.closes).toHaveLength(1);
  });

  test('takes no more bytes', async () => {
    const { heard, peer } = await connected();
    peer.end();
    await heard.closed();
    expect(hasCode(await rejection(heard.channel.write(bytes('x'))), 'channel-closed')).toBe(true);
  });
});

describe('closing it ourselves', () => {
  test('is no error, told once, and leaves no connection', async () => {
    const { channel, heard, server } = await connected();
    await Promise.all([channel.close(), channel.close()]);
    expect(heard.closes).toEqual([undefined]);
    await eventually(() => server.connections() === 0);
    await channel.close();
    expect(heard.closes).toHaveLength(1);
  });

  test('before it was opened is nothing', async () => {
    await new TcpChannel('127.0.0.1', 1).close();
  });

  test('ends writing', async () => {
    const { channel } = await connected();
    await channel.close();
    expect(hasCode(await rejection(channel.write(bytes('x'))), 'channel-closed')).toBe(true);
  });
});
