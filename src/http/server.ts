import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

export interface Answer {
  readonly status: number;
  /** The content type, with its character set. */
  readonly type: string;
  readonly body: string;
}

export interface LocalServerOptions {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** By path; a query is no part of it. */
  readonly routes: Readonly<Record<string, () => Answer | Promise<Answer>>>;
  /** Decides who may see what; everyone who reaches the port, unless it is given. `address`: the other side's. */
  readonly access?: (address: string, path: string) => boolean;
  readonly listening: (port: number) => void;
  /** It cannot listen (again: `start`), or an answer could not be made. */
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

/** A few pages to look at over HTTP, and nothing to send. */
export class LocalServer {
  private readonly options: LocalServerOptions;
  private readonly server: Server;
  private stopped = false;

  constructor(options: LocalServerOptions) {
    this.options = options;
    // A client that opens connections and says nothing does not keep the others out for long.
    const patience = { requestTimeout: 10_000, headersTimeout: 5_000, connectionsCheckingInterval: 2_000 };
    this.server = createServer(patience, (request, response) => void this.answer(request, response));
    this.server.maxConnections = 50;
    this.server.on('error', (error) => options.failed(error));
    this.server.on('listening', () => {
      // The host's name may have been looked up for longer than we live.
      if (this.stopped) this.server.close();
      else options.listening(this.port ?? 0);
    });
  }

  /** The port that it listens at; undefined while it does not. */
  get port(): number | undefined {
    const address = this.server.address();
    return typeof address === 'object' ? address?.port : undefined;
  }

  start(): void {
    this.server.listen(this.options.port, this.options.host);
  }

  stop(): Promise<void> {
    this.stopped = true;
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // Nobody sends us anything; what somebody sends all the same is not waited for.
    request.resume();
    const { status, type, body } = await this.answerTo(request);
    response.writeHead(status, { ...HEADERS, 'content-type': type });
    response.end(request.method === 'HEAD' ? undefined : body);
  }

  private async answerTo({ method, url, socket }: IncomingMessage): Promise<Answer> {
    const { access, routes, failed } = this.options;
    const path = (url ?? '/').replace(/\?.*$/s, '');
    if (access?.(socket.remoteAddress ?? '', path) === false) return plain(403, 'Not from here.');
    if (method !== 'GET' && method !== 'HEAD') return plain(405, 'There is nothing to send here.');
    const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
    if (route === undefined) return plain(404, 'There is no such page.');
    try {
      return await route();
    } catch (error) {
      failed(error);
      return plain(500, 'This could not be made; the log says why.');
    }
  }
}

function plain(status: number, text: string): Answer {
  return { status, type: 'text/plain; charset=utf-8', body: `${text}\n` };
}

/** One answer for every health check: the status is for programs, the reasons are for people, one a line. */
export function healthAnswer(reasons: readonly string[]): Answer {
  return reasons.length === 0 ? plain(200, ALL_WELL) : plain(503, reasons.join('\n'));
}

/** The reasons of such an answer, from its body. */
export function healthReasons(body: string): readonly string[] {
  return body.split('\n').filter((line) => line !== '' && line !== ALL_WELL);
}

const ALL_WELL = 'ok';
