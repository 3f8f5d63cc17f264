import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { Logger } from '../../src/shared/logger.ts';
import { Secrets } from '../../src/shared/secrets.ts';
import { servePty } from '../../src/simulator/pty-server.ts';
import type { HostileLine } from '../line/hostile-line.ts';

const silent: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  withoutSecrets: (text) => new Secrets().hideIn(text),
};

export interface MeterPort {
  /** As the configuration names it. */
  readonly port: string;
  close(): Promise<void>;
}

/** A pseudo-terminal; pulled, it disappears. */
export async function ptyPort(line: HostileLine, link: string): Promise<MeterPort> {
  const server = await servePty({ line, link, logger: silent });
  return { port: link, close: () => server.close() };
}

/** A serial server that takes several clients; without power it refuses them, and it can reset what is there. */
export async function tcpPort(line: HostileLine): Promise<MeterPort> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    if (!line.plugged) {
      socket.resetAndDestroy();
      return;
    }
    sockets.add(socket);
    socket.on('data', (chunk) => line.write(chunk));
    socket.on('error', () => {});
    socket.once('close', () => sockets.delete(socket));
  });
  const reset = (): void => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  line.onHangUp = reset;
  line.onData((bytes) => {
    for (const socket of sockets) socket.write(bytes);
  });
  line.onPlug((plugged) => {
    if (!plugged) reset();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      reset();
      server.close();
    },
  };
}

/** Below those that systems give away by themselves, so that nobody takes one while its owner is away. */
const FIRST = 20_000;
const PORTS = 10_000;
const given = new Set<number>();

/** A port that nobody listens at, for programs that must be told one. None is given twice. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * PORTS);
    if (given.has(port)) continue;
    given.add(port);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
