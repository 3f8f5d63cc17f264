import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

interface RawClient {
  readonly socket: Socket;
  heard: string;
  closed: boolean;
}

/** A client that says exactly what it is told to, until the test ends. `reads`: whether it takes what comes. */
export async function rawClient(
  port: number,
  said = '',
  reads = true,
  from = '127.0.0.1',
): Promise<RawClient> {
  const socket = connect({ port, host: '127.0.0.1', localAddress: from });
  const client: RawClient = { socket, heard: '', closed: false };
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => {});
  socket.on('close', () => {
    client.closed = true;
  });
  if (reads)
    socket.on('data', (chunk) => {
      client.heard += chunk.toString('latin1');
    });
  await new Promise((resolve) => socket.once('connect', resolve));
  socket.write(said);
  return client;
}
