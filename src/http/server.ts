import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createListener, type Server as Listener } from 'node:net';
import { type Clock, systemClock } from '../shared/clock.ts';
import {
  type Answer,
  type Asked,
  type Method,
  plain,
  type ServedRoute,
  type StreamedAnswer,
} from './answer.ts';
import { bodyLength, readJson } from './body.ts';
import { isOurs, nameIn } from './host-name.ts';
import { Making } from './making.ts';
import { RouteTable } from './route-table.ts';
import { sendStream } from './stream.ts';
import { Visitors } from './visitors.ts';

export interface LocalServerOptions {
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
  /** Pages by path, without the query. The same for everybody, so that many who ask may share one. */
  readonly routes: Readonly<Record<string, () => Answer | Promise<Answer>>>;
  /** Whatever takes more than that. */
  readonly more?: readonly ServedRoute[];
  /** Asked before a body is read; an answer keeps `asked` out of those. */
  readonly refusal?: (asked: Asked) => Answer | undefined;
  /** Puts an answer that is no success into the form of others at this path. */
  readonly refused?: (path: string, answer: Answer) => Answer;
  /** Default: everyone may see everything. `address`: the other side's. */
  readonly access?: (address: string, path: string) => boolean;
  /** Names that we have besides those that nobody else can have; `any` where a name is no danger. */
  readonly hosts: readonly string[] | 'any';
  /** Called for the first few names that somebody asked for and that are not ours. */
  readonly misdirected?: (name: string) => void;
  readonly listening: (port: number) => void;
  /** Called when it cannot listen (`start` tries again), or when a page throws. */
  readonly failed: (error: unknown) => void;
}

const HEADERS = {
  'cache-control': 'no-store',
  // An answer needs nothing; a page says what it needs. Home Assistant shows it in a frame.
  'content-security-policy':
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** Connections that the system may hold ready; what is more asks again a second later. */
const BACKLOG = 128;
/** Milliseconds that an answer may take to be made: a meter that sleeps is asked for a long while. */
const LONGEST_WORK = 180_000;
/** Milliseconds that a client may take to come for what is somebody's own, which may be long. */
const LONGEST_WAY = 30_000;
const MOST_NAMES = 5;

/**
 * Serves a few pages over HTTP. Whoever asks more than we can do waits, and gets what another got a moment ago: readings
 * come first.
 *
 *   connection ──▶ visitors (so many, the idle ones go) ──▶ turnstile (one request at a time) ──▶ Node's server ──▶ route
 */
export class LocalServer {
  private readonly options: LocalServerOptions;
  private readonly clock: Clock;
  private readonly listener: Listener;
  private readonly server: Server;
  private readonly visitors: Visitors;
  private readonly making: Making;
  private readonly table: RouteTable;
  private readonly foreignNames = new Set<string>();
  private stopped = false;

  constructor(options: LocalServerOptions, clock: Clock = systemClock) {
    this.options = options;
    this.clock = clock;
    this.making = new Making(clock);
    this.table = new RouteTable(options.more ?? []);
    this.server = createServer((request, response) => void this.answer(request, response));
    this.visitors = new Visitors(clock, (turnstile) => this.server.emit('connection', turnstile));
    this.listener = createListener((socket) => this.visitors.enter(socket));
    this.listener.on('error', (error) => options.failed(error));
    this.listener.on('listening', () => {
      // The look-up of the host's name may end after `stop`.
      if (this.stopped) this.listener.close();
      else options.listening(this.port ?? 0);
    });
  }

  /** Undefined while it does not listen. */
  get port(): number | undefined {
    const address = this.listener.address();
    return typeof address === 'object' ? address?.port : undefined;
  }

  start(): void {
    const { port, host } = this.options;
    this.listener.listen({ port, host, backlog: BACKLOG });
  }

  stop(): Promise<void> {
    this.stopped = true;
    return new Promise((resolve) => {
      this.listener.close(() => resolve());
      this.visitors.closeAll();
    });
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.once('close', () => {
      gone.abort();
      this.visitors.answered(request.socket);
    });
    let answer = await this.answerTo(request, gone.signal);
    if (gone.signal.aborted) return;
    if ('chunks' in answer && request.method !== 'HEAD') {
      if (this.visitors.mayStream(request.socket)) return this.stream(response, answer, gone.signal);
      await answer.chunks[Symbol.asyncIterator]().return?.();
      answer = TOO_MANY_STREAMS;
    }
    const { status, type, headers, body } = this.whole(request, answer);
    // A body that nobody wanted is not read, and what could be a request behind it neither.
    const end = !request.complete || status >= 400 ? { connection: 'close' } : {};
    const length = status === 304 ? {} : { 'content-length': Buffer.byteLength(body) };
    response.writeHead(status, { ...HEADERS, ...end, 'content-type': type, ...length, ...headers });
    response.end(request.method === 'HEAD' ? undefined : body);
  }

  private whole({ url = '/' }: IncomingMessage, answer: Answer | StreamedAnswer): Answer {
    if ('chunks' in answer) return { status: 200, type: answer.type, body: '' };
    return answer.status < 400 ? answer : (this.options.refused?.(pathOf(url), answer) ?? answer);
  }

  private async stream(response: ServerResponse, answer: StreamedAnswer, gone: AbortSignal): Promise<void> {
    // Nginx would keep it until it has enough of it.
    response.writeHead(200, { ...HEADERS, 'content-type': answer.type, 'x-accel-buffering': 'no' });
    response.flushHeaders();
    try {
      await sendStream(response, answer, gone, this.clock);
      if (!response.writableNeedDrain) response.end();
    } catch (error) {
      this.options.failed(error);
    }
    // Cut, so that nobody takes it for whole.
    if (!response.writableEnded) response.destroy();
  }

  private async answerTo(request: IncomingMessage, gone: AbortSignal): Promise<Answer | StreamedAnswer> {
    const { access, routes, failed } = this.options;
    const { url = '/', headers, socket } = request;
    const path = pathOf(url);
    const address = socket.remoteAddress ?? '';
    if (access?.(address, path) === false) return plain(403, 'Not from here.');
    if (this.isMisdirected(headers.host)) return plain(421, MISDIRECTED);
    try {
      const page = Object.hasOwn(routes, path) ? routes[path] : undefined;
      if (page === undefined) return await this.own(request, { path, address, gone });
      if (!isRead(request)) return notAllowed(['GET']);
      return await this.making.shared(path, page);
    } catch (error) {
      failed(error);
      return plain(500, 'This could not be made; the log says why.');
    }
  }

  private async own(
    request: IncomingMessage,
    seen: Pick<Asked, 'path' | 'address' | 'gone'>,
  ): Promise<Answer | StreamedAnswer> {
    const { url = '/', headers, socket } = request;
    const method = isRead(request) ? 'GET' : (request.method as Method);
    const found = this.table.find(method, seen.path);
    if (found === undefined) return plain(404, 'There is no such page.');
    if (!('route' in found)) return notAllowed(found);
    const { route, parameters } = found;
    const query = new URLSearchParams(/\?(.*)$/s.exec(url)?.[1] ?? '');
    const asked: Asked = { ...seen, method, parameters, query, headers };
    const refusal = this.options.refusal?.(asked);
    if (refusal !== undefined) return refusal;
    const length = method === 'GET' ? undefined : bodyLength(request);
    if (typeof length === 'object') return length;
    if (length !== undefined) this.visitors.letIn(socket, length);
    const read = length === undefined ? { parsed: undefined } : await readJson(request);
    if ('status' in read) return read;
    this.visitors.beginWork(socket, LONGEST_WORK);
    const answer = await this.making.inTurn(() => route.handle({ ...asked, body: read.parsed }), seen.gone);
    this.visitors.beginWork(socket, LONGEST_WAY);
    return answer ?? plain(503, 'Gone.');
  }

  /** Only old clients name no host; a browser does. */
  private isMisdirected(host: string | undefined): boolean {
    const { hosts, misdirected } = this.options;
    if (hosts === 'any' || host === undefined) return false;
    const name = nameIn(host);
    if (name === undefined) return true;
    if (isOurs(name, hosts)) return false;
    const isNew = !this.foreignNames.has(name) && this.foreignNames.size < MOST_NAMES;
    if (isNew) {
      this.foreignNames.add(name);
      misdirected?.(name);
    }
    return true;
  }
}

function pathOf(url: string): string {
  return url.replace(/\?.*$/s, '');
}

function isRead({ method }: IncomingMessage): boolean {
  return method === 'GET' || method === 'HEAD';
}

function notAllowed(methods: readonly Method[]): Answer {
  const isOnlyRead = methods.every((method) => method === 'GET');
  const text = isOnlyRead ? 'There is nothing to send here.' : 'This is not done here.';
  return { ...plain(405, text), headers: { allow: [...new Set(methods)].join(', ') } };
}

/** A line for the log. `what`: with its verb. `key`: of the configuration. */
export function misdirectedText(what: string, name: string, key: string): string {
  return `${what} asked for under the name ${name}, which anybody may let point to this machine, and not given: where it is yours, add it to ${key}`;
}

const MISDIRECTED =
  'This is not served under the name in your address line: use the number of the machine, or a name that the configuration allows (allowedHosts).';

const TOO_MANY_STREAMS: Answer = {
  ...plain(503, 'Too many look on at once; ask again later, or close a page that nobody looks at.'),
  headers: { 'retry-after': '30' },
};
