import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Logger } from '../log/logger.ts';
import { messageOf } from '../shared/errors.ts';
import type { Access } from './access.ts';
import { renderPage } from './page.ts';
import type { Status } from './status.ts';

export interface WebServerOptions {
  readonly host: string;
  readonly port: number;
  readonly access: Access;
  readonly status: () => Status;
  /** What is stuck in this program, in words; nothing while all is well. */
  readonly stuck: () => readonly string[];
  readonly logger: Logger;
}

interface Answer {
  readonly status: number;
  readonly type: 'text/html' | 'text/plain';
  readonly body: string;
}

const HEADERS = {
  'cache-control': 'no-store',
  // The page has a style of its own and nothing else; Home Assistant shows it in a frame.
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** The status page and `/healthz`. Trouble of its own goes to the log: the bridge goes on without a page. */
export class WebServer {
  private readonly options: WebServerOptions;
  private readonly server: Server;

  constructor(options: WebServerOptions) {
    this.options = options;
    // Who opens connections and says nothing does not keep the others out for long.
    const patience = { requestTimeout: 10_000, headersTimeout: 5_000, connectionsCheckingInterval: 2_000 };
    this.server = createServer(patience, (request, response) => this.answer(request, response));
    this.server.maxConnections = 50;
    this.server.on('error', (error) => {
      options.logger.warn(`There is no status page: ${messageOf(error)}`);
    });
  }

  /** The port that it listens at; undefined while it does not. */
  get port(): number | undefined {
    const address = this.server.address();
    return typeof address === 'object' ? address?.port : undefined;
  }

  start(): void {
    const { host, port, logger } = this.options;
    this.server.listen(port, host, () => logger.info(`The status page is at ${host} port ${this.port}`));
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const { status, type, body } = this.answerTo(request);
    response.writeHead(status, { ...HEADERS, 'content-type': `${type}; charset=utf-8` });
    response.end(request.method === 'HEAD' ? undefined : body);
    // Nobody sends us anything; what somebody sends all the same is not waited for.
    request.resume();
  }

  private answerTo({ method, url, socket }: IncomingMessage): Answer {
    const { access, status, stuck } = this.options;
    const path = (url ?? '/').replace(/\?.*$/s, '');
    if (!access(socket.remoteAddress ?? '', path)) return plain(403, 'Not from here.');
    if (method !== 'GET' && method !== 'HEAD') return plain(405, 'There is nothing to send here.');
    if (path === '/healthz') {
      const trouble = stuck();
      return trouble.length === 0 ? plain(200, 'ok') : plain(503, trouble.join('\n'));
    }
    if (path !== '/') return plain(404, 'There is no such page.');
    return { status: 200, type: 'text/html', body: renderPage(status(), Date.now()) };
  }
}

function plain(status: number, text: string): Answer {
  return { status, type: 'text/plain', body: `${text}\n` };
}
