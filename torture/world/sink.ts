import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import type { Chance } from '../chance.ts';

/** How the server treats who writes to it. `once` each: what it did to a request is not seen from outside. */
export type Temper =
  | { readonly kind: 'well' }
  /** A status, and a body that may be anything. */
  | { readonly kind: 'status'; readonly status: number; readonly body: string }
  /** Takes the request and never answers. */
  | { readonly kind: 'hangs' }
  /** Ends the connection in the middle of the request, or of the answer. */
  | { readonly kind: 'resets' }
  /** Takes what was written, and ends the connection before it says so. */
  | { readonly kind: 'takes-and-resets' }
  /** Milliseconds until it answers. */
  | { readonly kind: 'slow'; readonly delay: number };

/** InfluxDB and a webhook's receiver in one: takes `/write` and `/hook`. */
export class Sink {
  port = 0;
  temper: Temper = { kind: 'well' };
  struck = 0;
  private readonly onLines: (text: string) => void;
  private readonly onPost: (json: string) => void;
  private readonly chance: Chance;
  private readonly server = createServer((request, response) => void this.serve(request, response));

  constructor(chance: Chance, onLines: (text: string) => void, onPost: (json: string) => void) {
    this.chance = chance;
    this.onLines = onLines;
    this.onPost = onPost;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { temper } = this;
    if (temper.kind !== 'well') this.struck++;
    if (temper.kind === 'resets') {
      setTimeout(() => request.socket.resetAndDestroy(), this.chance.between(0, 50));
      return;
    }
    const body = await bodyOf(request).catch(() => undefined);
    if (body === undefined || temper.kind === 'hangs') return;
    if (temper.kind === 'status') {
      response.writeHead(temper.status, { 'content-type': 'application/json' }).end(temper.body);
      return;
    }
    if (temper.kind === 'slow') await new Promise((resolve) => setTimeout(resolve, temper.delay));
    if (request.url?.startsWith('/write')) this.onLines(body);
    else this.onPost(body);
    if (temper.kind === 'takes-and-resets') request.socket.resetAndDestroy();
    else response.writeHead(204).end();
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  return (request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString('utf8');
}
