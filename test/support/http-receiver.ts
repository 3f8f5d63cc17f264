import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';

export interface ReceivedRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  /** Uncompressed. */
  readonly body: string;
}

type Answer = { readonly status: number; readonly body?: string; readonly headers?: Record<string, string> };

/** A web server that keeps what it is sent, and answers as it is told. Can go away and come back at the same port. */
export class HttpReceiver {
  readonly received: ReceivedRequest[] = [];
  answer: (request: ReceivedRequest) => Answer | undefined;
  private port = 0;
  private server: Server | undefined;

  /** `answer`: undefined for none at all. */
  constructor(answer: (request: ReceivedRequest) => Answer | undefined = () => ({ status: 204 })) {
    this.answer = answer;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async start(): Promise<this> {
    const server = createServer((request, response) => {
      void bodyOf(request).then((body) => {
        const { method = '', headers, url = '/' } = request;
        const received = { method, headers, body, url: new URL(url, this.url) };
        this.received.push(received);
        const answer = this.answer(received);
        if (answer === undefined) return;
        response.writeHead(answer.status, answer.headers).end(answer.body);
      });
    });
    this.server = server;
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
    onTestFinished(() => this.stop());
    return this;
  }

  async stop(): Promise<void> {
    const server = this.server;
    this.server = undefined;
    if (server === undefined) return;
    await new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  const body = Buffer.concat(parts);
  return (request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString('utf8');
}
