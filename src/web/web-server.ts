import { healthAnswer } from '../http/health-answer.ts';
import { LocalServer } from '../http/local-server.ts';
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

/** The status page and `/healthz`. Trouble of its own goes to the log: the bridge goes on without a page. */
export class WebServer {
  private readonly server: LocalServer;

  constructor({ host, port, access, status, stuck, logger }: WebServerOptions) {
    this.server = new LocalServer({
      host,
      port,
      access,
      routes: {
        '/': () => ({
          status: 200,
          type: 'text/html; charset=utf-8',
          body: renderPage(status(), Date.now()),
        }),
        '/healthz': () => healthAnswer(stuck()),
      },
      listening: (at) => logger.info(`The status page is at ${host} port ${at}`),
      failed: (error) => logger.warn(`There is no status page: ${messageOf(error)}`),
    });
  }

  /** The port that it listens at; undefined while it does not. */
  get port(): number | undefined {
    return this.server.port;
  }

  start(): void {
    this.server.start();
  }

  stop(): Promise<void> {
    return this.server.stop();
  }
}
