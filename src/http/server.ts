import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createListener, type Server as Listener } from 'node:net';
import { Budget } from '../shared/budget.ts';
import { type Clock, systemClock } from '../shared/clock.ts';
import { messageOf } from '../shared/errors.ts';
import { ITSELF, listenerAtPort } from '../shared/holders.ts';
import { isOurs, nameIn } from './host-name.ts';
import { Visitors } from './visitors.ts';

export interface Answer {
  readonly status: number;
  /** The content type, with its character set. */
  readonly type: string;
  readonly body: string;
}

export interface LocalServerOptions {
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
  /** Pages by path, without the query. */
  readonly routes: Readonly<Record<string, () => Answer | Promise<Answer>>>;
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
  // A page has a style of its own and nothing else; Home Assistant shows it in a frame.
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** Connections that the system may hold ready; what is more asks again a second later. */
const BACKLOG = 128;
/** Milliseconds in which answers are made: in a burst, and in each second from then on. */
const MAKING_AT_ONCE = 1_000;
const MAKING_A_SECOND = 100;
/** What an answer costs of it, whatever it took: the rest may be somebody else's work. */
const COST = { least: 10, most: 200 };
/** An answer may be this old (ms), where others are not made. */
const OLDEST = 2_000;
const MOST_NAMES = 5;

/**
 * Serves a few pages over HTTP, read only. Whoever asks more than we can do waits, and gets what another got a moment
 * ago: readings come first.
 *
 *   connection ──▶ visitors (so many, the idle ones go) ──▶ turnstile (one request at a time) ──▶ Node's server ──▶ route
 */
export class LocalServer {
  private readonly options: LocalServerOptions;
  private readonly clock: Clock;
  private readonly listener: Listener;
  private readonly server: Server;
  private readonly visitors: Visitors;
  private readonly making: Budget;
  private readonly made = new Map<string, { readonly answer: Promise<Answer>; readonly at: number }>();
  private readonly foreignNames = new Set<string>();
  private stopped = false;

  constructor(options: LocalServerOptions, clock: Clock = systemClock) {
    this.options = options;
    this.clock = clock;
    this.making = new Budget(MAKING_AT_ONCE, MAKING_A_SECOND, clock);
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
    const { socket, method } = request;
    response.once('close', () => this.visitors.answered(socket));
    // No page needs a body: it is not read, and what could be a request behind it neither.
    const hasBody = 'content-length' in request.headers || 'transfer-encoding' in request.headers;
    const { status, type, body } = await this.answerTo(request);
    const end = hasBody || status >= 400 ? { connection: 'close' } : {};
    const what = { 'content-type': type, 'content-length': Buffer.byteLength(body) };
    response.writeHead(status, { ...HEADERS, ...end, ...what });
    response.end(method === 'HEAD' ? undefined : body);
  }

  private async answerTo({ method, url, headers, socket }: IncomingMessage): Promise<Answer> {
    const { access, routes, failed } = this.options;
    const path = (url ?? '/').replace(/\?.*$/s, '');
    if (access?.(socket.remoteAddress ?? '', path) === false) return plain(403, 'Not from here.');
    if (this.isMisdirected(headers.host)) return plain(421, MISDIRECTED);
    if (method !== 'GET' && method !== 'HEAD') return plain(405, 'There is nothing to send here.');
    const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
    if (route === undefined) return plain(404, 'There is no such page.');
    try {
      return await this.make(path, route);
    } catch (error) {
      failed(error);
      return plain(500, 'This could not be made; the log says why.');
    }
  }

  /** Those who ask while an answer is made share it. */
  private make(path: string, route: () => Answer | Promise<Answer>): Promise<Answer> {
    const begin = this.clock.monotonic();
    const last = this.made.get(path);
    if (last !== undefined && this.making.wait > 0 && begin - last.at < OLDEST) return last.answer;
    const answer = Promise.resolve().then(route);
    this.made.set(path, { answer, at: begin });
    const spend = (): void => {
      const took = this.clock.monotonic() - begin;
      this.making.spend(Math.min(COST.most, Math.max(COST.least, took)));
    };
    answer.then(spend, () => {
      spend();
      this.made.delete(path);
    });
    return answer;
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

/** A line for the log. `what`: with its verb. `key`: of the configuration. */
export function misdirectedText(what: string, name: string, key: string): string {
  return `${what} asked for under the name ${name}, which anybody may let point to this machine, and not given: where it is yours, add it to ${key}`;
}

/** Explains why nothing is served there, and what to do about it. `section`: of the configuration. */
export function listenProblem(
  error: unknown,
  host: string,
  port: number,
  section: 'metrics' | 'web',
): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'EADDRINUSE':
      return portTaken(listenerAtPort(port), `port ${port} of ${host}`, `${section}.port`);
    case 'EACCES':
      return `this user may not open port ${port}. Choose a "${section}.port" from 1024 upwards.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `${host} is no address of this machine. Put "${section}.host" right; "0.0.0.0" is all of them.`;
    default:
      return messageOf(error);
  }
}

function portTaken(who: string, what: string, key: string): string {
  return who === ITSELF
    ? `${who} has ${what} already. Choose another "${key}".`
    : `${who} has ${what}. Stop it, or choose another "${key}".`;
}

const MISDIRECTED =
  'This is not served under the name in your address line: use the number of the machine, or a name that the configuration allows (allowedHosts).';

function plain(status: number, text: string): Answer {
  return { status, type: 'text/plain; charset=utf-8', body: `${text}\n` };
}

/** Monitors look at the status only; the reasons are for people, one a line. */
export function healthAnswer(reasons: readonly string[]): Answer {
  return reasons.length === 0 ? plain(200, ALL_WELL) : plain(503, reasons.join('\n'));
}

/** The reasons of such an answer, from its body. */
export function healthReasons(body: string): readonly string[] {
  return body.split('\n').filter((line) => line !== '' && line !== ALL_WELL);
}

const ALL_WELL = 'ok';
