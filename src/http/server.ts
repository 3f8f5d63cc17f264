import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

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

/** Serves a few pages over HTTP, read only. */
export class LocalServer {
  private readonly options: LocalServerOptions;
  private readonly server: Server;
  private stopped = false;

  constructor(options: LocalServerOptions) {
    this.options = options;
    // Clients that open connections and say nothing must not keep the others out for long.
    const patience = { requestTimeout: 10_000, headersTimeout: 5_000, connectionsCheckingInterval: 2_000 };
    this.server = createServer(patience, (request, response) => void this.answer(request, response));
    this.server.maxConnections = 50;
    this.server.on('error', (error) => options.failed(error));
    this.server.on('listening', () => {
      // The look-up of the host's name may end after `stop`.
      if (this.stopped) this.server.close();
      else options.listening(this.port ?? 0);
    });
  }

  /** Undefined while it does not listen. */
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
    // Request bodies are not read: no page needs one.
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

/** Monitors look at the status only; the reasons are for people, one a line. */
export function healthAnswer(reasons: readonly string[]): Answer {
  return reasons.length === 0 ? plain(200, ALL_WELL) : plain(503, reasons.join('\n'));
}

/** The reasons of such an answer, from its body. */
export function healthReasons(body: string): readonly string[] {
  return body.split('\n').filter((line) => line !== '' && line !== ALL_WELL);
}

const ALL_WELL = 'ok';
