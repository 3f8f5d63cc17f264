import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { Multical2MqttError, messageOf } from '../shared/errors.ts';
import { whyNotAtPort } from '../shared/holders.ts';
import type { Logger } from '../shared/logger.ts';
import type { SimulatedLine } from './options.ts';
import { followPlug, type Plug } from './plug.ts';

interface TcpServerOptions {
  readonly line: SimulatedLine;
  /** Default: only this machine. */
  readonly host?: string;
  /** 0 for any free port. */
  readonly port: number;
  readonly logger: Logger;
}

/**
 * Unplugged, it ends every connection and refuses new ones, as a serial server without power. Plugged in again, it is at
 * the same port. Closed, it leaves no socket behind.
 */
export interface TcpServer extends Plug {
  readonly port: number;
}

/** Serves the line as a serial server does: bare bytes, and what the meter says goes to every client. */
export async function serveTcp({
  line,
  host = '127.0.0.1',
  port,
  logger,
}: TcpServerOptions): Promise<TcpServer> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('data', (chunk) => line.write(chunk));
    // A client that resets its connection is no trouble of ours.
    socket.on('error', () => {});
    socket.once('close', () => sockets.delete(socket));
  });

  async function listen(at: number): Promise<void> {
    if (server.listening) return;
    server.listen(at, host);
    try {
      await once(server, 'listening');
    } catch (cause) {
      const message = `Cannot listen on ${host}:${at}: ${whyNotAtPort(cause, host, at)}. Choose another port.`;
      throw new Multical2MqttError('port-failed', message, { cause });
    }
  }

  async function drop(): Promise<void> {
    for (const socket of sockets) socket.destroy();
    if (!server.listening) return;
    server.close();
    await once(server, 'close');
  }

  await listen(port);
  const { port: bound } = server.address() as AddressInfo;
  const plug = followPlug(line, {
    connect: () => listen(bound),
    disconnect: drop,
    send: (bytes) => {
      for (const socket of sockets) socket.write(bytes);
    },
    report: (error) => logger.error(messageOf(error)),
  });
  return { port: bound, ...plug };
}
