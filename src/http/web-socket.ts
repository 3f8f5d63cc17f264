import { Multical2MqttError } from '../shared/errors.ts';
import { httpProblem } from './client.ts';

export interface WebSocketEvents {
  readonly received: (text: string) => void;
  /** It ended, by whoever it was; only after it was open. */
  readonly ended: () => void;
  /** Gives up opening it. */
  readonly signal?: AbortSignal | undefined;
}

export interface OpenWebSocket {
  send(text: string): void;
  /** At once: nobody waits for the other side's goodbye. */
  close(): void;
}

/** Milliseconds until the other side has to be there. */
const PATIENCE = 10_000;
/** Bytes: ten years of hours are 9 MB. */
const LONGEST = 64 * 1024 * 1024;

/**
 * Opens a WebSocket (`ws://`, `wss://`). Error `failed`, in words for a person, where nobody answers. `ws` comes with
 * mqtt.js anyway; undici's own does not tell why it could not be opened.
 */
export async function openWebSocket(
  url: string,
  { received, ended, signal }: WebSocketEvents,
): Promise<OpenWebSocket> {
  const { WebSocket } = await import('ws');
  const socket = new WebSocket(url, { handshakeTimeout: PATIENCE, maxPayload: LONGEST });
  socket.on('message', (data) => received(String(data)));
  const giveUp = (): void => socket.terminate();
  signal?.addEventListener('abort', giveUp, { once: true });
  const opened = new Promise<void>((resolve, reject) => {
    socket.on('open', () => {
      socket.on('close', ended);
      resolve();
    });
    // Also later, where nobody hears it any more: what ends a connection ends with `close`.
    socket.on('error', (cause) => reject(problemOf(url, cause)));
  });
  if (signal?.aborted) giveUp();
  await opened.finally(() => signal?.removeEventListener('abort', giveUp));
  return { send: (text) => socket.send(text), close: () => socket.terminate() };
}

function problemOf(url: string, cause: Error): Error {
  const { origin } = new URL(url);
  const [, status] = /^Unexpected server response: (\d+)/.exec(cause.message) ?? [];
  if (status !== undefined)
    return new Multical2MqttError('failed', `${origin}: no WebSocket is there (HTTP ${status})`, { cause });
  if (cause.message === 'Opening handshake has timed out')
    return new Multical2MqttError('failed', `${origin}: it takes too long to answer`, { cause });
  return httpProblem(url, cause);
}
