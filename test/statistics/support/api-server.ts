import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';

const TOKEN = 'a-long-lived-token';

/** What it says to a command. */
export type Answers = (type: string, body: Readonly<Record<string, unknown>>) => Promise<unknown>;

interface ApiServerOptions {
  readonly answers?: Answers;
  /** What it says in place of an answer to a command; undefined: nothing at all. */
  readonly answer?: (id: number, socket: WebSocket) => Readonly<Record<string, unknown>> | undefined;
}

/** A WebSocket API as Home Assistant's, over a real socket. */
export async function apiServer({ answers, answer }: ApiServerOptions = {}) {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  const paths: (string | undefined)[] = [];
  server.on('connection', (socket, { url }) => {
    paths.push(url);
    const say = (message: object): void => socket.send(JSON.stringify(message));
    say({ type: 'auth_required', ha_version: '2026.11.0' });
    socket.on('message', async (data) => {
      const { type, id, access_token, ...body } = JSON.parse(String(data)) as Record<string, unknown>;
      if (type === 'auth') return say({ type: access_token === TOKEN ? 'auth_ok' : 'auth_invalid' });
      if (answers !== undefined)
        return say({ id, type: 'result', success: true, result: await answers(String(type), body) });
      const said = answer?.(Number(id), socket);
      if (said !== undefined) say({ id, type: 'result', ...said });
    });
  });
  await once(server, 'listening');
  const close = (): void => {
    for (const client of server.clients) client.terminate();
    server.close();
  };
  onTestFinished(close);
  const { port } = server.address() as AddressInfo;
  return { access: { url: `http://127.0.0.1:${port}`, token: TOKEN }, port, paths, close };
}
