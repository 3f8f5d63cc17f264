import { createServer, type Server, type ServerResponse, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

const PREFIX = '/api/hassio_ingress/TOKEN';

/** Stands between browser and bridge as Home Assistant's ingress does, below a prefix that the bridge never sees. */
export class Ingress {
  private readonly server: Server;
  private readonly streams = new Set<ServerResponse>();

  constructor(bridge: string) {
    this.server = createServer((request, response) => {
      if (request.url?.startsWith(`${PREFIX}/`) !== true) {
        response.writeHead(404).end();
        return;
      }
      const url = new URL(request.url.slice(PREFIX.length), bridge);
      const { method = 'GET' } = request;
      const headers = { ...request.headers, 'x-ingress-path': PREFIX };
      const onward = send(url, { method, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
        answer.on('error', () => response.destroy());
        if (!/event-stream/.test(answer.headers['content-type'] ?? '')) return;
        response.flushHeaders();
        this.streams.add(response);
      });
      onward.on('error', () => response.destroy());
      response.on('close', () => {
        this.streams.delete(response);
        onward.destroy();
      });
      request.pipe(onward);
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((listening) => this.server.listen(0, '127.0.0.1', listening));
    onTestFinished(async () => {
      const closed = new Promise((end) => this.server.close(end));
      this.server.closeAllConnections();
      await closed;
    });
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}${PREFIX}/`;
  }

  /** Event streams that somebody listens to. */
  get listening(): number {
    return this.streams.size;
  }

  /** As where a phone has left the network. */
  cutStreams(): void {
    for (const stream of this.streams) stream.destroy();
  }
}
