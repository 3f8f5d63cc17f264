import type { Socket } from 'node:net';

/**
 * As a broker that is not there, on a port that stays ours: given back, another test may take it meanwhile. Waits for
 * the first bytes, so that the other side always sees the same: closed, without an answer and without an error.
 */
export function turnAway(socket: Socket): void {
  socket.once('data', () => socket.end());
}
