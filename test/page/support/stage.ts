import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, resolve } from 'node:path';
import { onTestFinished } from 'vitest';
import type { BridgeState, LogLine } from '../../../src/web/api.ts';
import { aBridge } from './household.ts';

const PAGE = resolve(import.meta.dirname, '../../../dist/page');
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

export interface Call {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
}
type Reply = (call: Call, response: ServerResponse) => unknown;

/** A refusal, as the bridge answers it. */
export class Refusing {
  readonly status: number;
  readonly error: string;

  constructor(status: number, error: string) {
    this.status = status;
    this.error = error;
  }
}

/**
 * Plays the bridge for the built page where the real one cannot be brought to it in a test: a thousand meters, a year of
 * hours, a head that is being moved, a network that comes and goes. Below a prefix, as behind ingress.
 */
export class Stage {
  state: BridgeState = aBridge();
  log: readonly LogLine[] = [];
  /** `POST meters/House/read`: what it answers. */
  readonly replies = new Map<string, Reply>();
  readonly calls: (Call & { readonly what: string })[] = [];
  /** Of files, as sent: name and length. */
  readonly sent: { readonly name: string; readonly bytes: number }[] = [];
  private readonly listeners = new Set<ServerResponse>();
  private readonly prefix = '/api/hassio_ingress/TOKEN/';
  private server: Server | undefined;
  private port = 0;

  async start(): Promise<this> {
    this.server = createServer((request, response) => void this.answer(request, response));
    await new Promise<void>((listening) => this.server?.listen(this.port, '127.0.0.1', listening));
    this.port = (this.server.address() as AddressInfo).port;
    onTestFinished(() => this.stop());
    return this;
  }

  stop(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    this.listeners.clear();
    return new Promise((stopped) => {
      if (server === undefined) return stopped();
      server.close(() => stopped());
      server.closeAllConnections();
    });
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}${this.prefix}`;
  }

  tell(event: string, data: unknown): void {
    for (const listener of this.listeners)
      listener.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  get listening(): number {
    return this.listeners.size;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://stage');
    if (!url.pathname.startsWith(this.prefix)) return end(response, 404, { error: 'Outside of the prefix.' });
    const path = decodeURIComponent(url.pathname.slice(this.prefix.length));
    if (!path.startsWith('api/v1/')) return this.file(path === '' ? 'index.html' : path, request, response);
    let text = '';
    for await (const chunk of request) text += chunk;
    const what = `${request.method} ${path.slice(7)}`;
    const call = { path, query: url.searchParams, body: text === '' ? undefined : JSON.parse(text), what };
    this.calls.push(call);
    const reply = this.replies.get(what);
    if (reply !== undefined) {
      const answered = await reply(call, response);
      if (answered instanceof Refusing) return end(response, answered.status, { error: answered.error });
      if (!response.headersSent) end(response, 200, answered);
      return;
    }
    if (what === 'GET state') return end(response, 200, this.state);
    if (what === 'GET log') return end(response, 200, this.log);
    if (what !== 'GET events') return end(response, 404, { error: `Nothing is at ${what}.` });
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(`event: state\ndata: ${JSON.stringify(this.state)}\n\n`);
    this.listeners.add(response);
    response.on('close', () => this.listeners.delete(response));
  }

  private async file(name: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    // Over plain HTTP, Chromium takes no Brotli.
    const [encoding, ending] = /\bbr\b/.test(String(request.headers['accept-encoding']))
      ? ['br', 'br']
      : ['gzip', 'gz'];
    const content = await readFile(resolve(PAGE, `${name}.${ending}`)).catch(() => undefined);
    if (content === undefined) return end(response, 404, { error: `There is no ${name}.` });
    this.sent.push({ name, bytes: content.length });
    response.writeHead(200, {
      'content-type': TYPES[extname(name)] ?? 'application/octet-stream',
      'content-encoding': encoding,
      'content-security-policy': POLICY,
    });
    response.end(content);
  }
}

function end(response: ServerResponse, status: number, data: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(data ?? {}));
}
