import { healthAnswer } from '../http/answer.ts';
import { listenProblem } from '../http/listen-problem.ts';
import { LocalServer, type LocalServerOptions, misdirectedText } from '../http/server.ts';
import { systemClock } from '../shared/clock.ts';
import type { Logger } from '../shared/logger.ts';
import { Repeats } from '../shared/repeats.ts';
import { renderPage, type Status } from './page.ts';

/** Decides who may see what. `address`: the other side's, as the socket has it. */
type Access = (address: string, path: string) => boolean;

/** The page for ingress only; from this machine itself, only whether the program is alive. */
export function ingressOnly(ingress: string): Access {
  return (address, path) => {
    const plain = plainAddress(address);
    return plain === ingress || (path === '/healthz' && isLoopback(plain));
  };
}

/** Whoever reaches the port; the address that it listens at decides who can. */
export const everyone: Access = () => true;

/** A socket that takes both families writes IPv4 as `::ffff:127.0.0.1`. */
function plainAddress(address: string): string {
  return address.replace(/^::ffff:/i, '');
}

function isLoopback(address: string): boolean {
  return address === '::1' || /^127\./.test(address);
}

const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

export interface WebServerOptions {
  readonly host: string;
  readonly port: number;
  readonly access: Access;
  readonly hosts: LocalServerOptions['hosts'];
  readonly status: () => Status;
  /** Sentences about what is stuck in this program; none while all is well. */
  readonly stuck: () => readonly string[];
  readonly logger: Logger;
}

/** The status page and `/healthz`. Trouble of its own goes to the log: the bridge goes on without a page. */
export class WebServer {
  private readonly server: LocalServer;

  constructor({ host, port, access, hosts, status, stuck, logger }: WebServerOptions) {
    // A page that cannot be made is asked for again and again.
    const repeats = new Repeats({ clock: systemClock, logger });
    this.server = new LocalServer({
      host,
      port,
      access,
      hosts,
      misdirected: (name) => logger.warn(misdirectedText('The status page was', name, 'web.allowedHosts')),
      routes: {
        '/': () => ({
          status: 200,
          type: 'text/html; charset=utf-8',
          body: renderPage(status(), Date.now()),
          headers: { 'content-security-policy': POLICY },
        }),
        '/healthz': () => healthAnswer(stuck()),
      },
      listening: (at) => logger.info(`The status page is at ${host} port ${at}`),
      failed: (error) =>
        repeats.say('warn', `There is no status page: ${listenProblem(error, host, port, 'web')}`),
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
