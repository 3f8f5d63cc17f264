import { createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export interface SilentPort {
  readonly port: string;
  readonly sockets: ReadonlySet<Socket>;
  /** Bytes that came in so far. */
  heard(): number;
}

/** A network port that lets everybody in and never says a word, until the test ends. */
export async function silentPort(): Promise<SilentPort> {
  const sockets = new Set<Socket>();
  let heard = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      heard += bytes.length;
    });
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { port: `tcp://127.0.0.1:${address.port}`, sockets, heard: () => heard };
}
