import { once } from 'node:events';
import { createServer } from 'node:net';
import { Multical2MqttError } from '../shared/errors.ts';
import { isNetworkPort } from '../transport/open.ts';

/**
 * Runs `use` while no other command on this machine runs one at the same network port: a gateway lets a second client in, or
 * shuts the first one out for it, and each would hear what the other asks for. The system sees to a serial port, and a
 * bridge that runs to those that it lends. Error `port-busy`.
 */
export async function aloneAt<Result>(port: string, use: () => Promise<Result>): Promise<Result> {
  if (!isNetworkPort(port)) return use();
  const turn = createServer((socket) => socket.destroy()).unref();
  try {
    turn.listen(turnName(port));
    await once(turn, 'listening');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') throw isReadBy(port);
    // Only Linux has such names. Elsewhere everybody is let in.
    return use();
  }
  try {
    return await use();
  } finally {
    turn.close();
  }
}

/** A name that is no file: the system forgets it with the process, however that ends. */
function turnName(port: string): string {
  return `\0multical2mqtt ${new URL(port).host.toLowerCase()}`;
}

function isReadBy(port: string): Multical2MqttError {
  return new Multical2MqttError(
    'port-busy',
    `Another command is reading over ${port}. Wait until it has ended, or end it, and try again.`,
  );
}
