import { type Answer, type Asked, healthAnswer, plain } from '../http/answer.ts';
import { listenProblem } from '../http/listen-problem.ts';
import { LocalServer, type LocalServerOptions, misdirectedText } from '../http/server.ts';
import { type Clock, systemClock } from '../shared/clock.ts';
import { messageOf } from '../shared/errors.ts';
import type { Logger } from '../shared/logger.ts';
import { Repeats } from '../shared/repeats.ts';
import { bundleRoutes } from './bundle.ts';
import { refusal, servedRoutes } from './dispatcher.ts';
import type { ApiRoute } from './route.ts';
import { foreignRefusal } from './same-origin.ts';
import { Sessions } from './sessions.ts';

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

export interface WebServerOptions {
  readonly host: string;
  readonly port: number;
  readonly access: Access;
  readonly hosts: LocalServerOptions['hosts'];
  /** By which others reach it: `https://heat.example.com`. */
  readonly origins?: readonly string[];
  /** Empty: none is asked for. */
  readonly password?: string;
  readonly routes: readonly ApiRoute[];
  /** The folder of the page's files. */
  readonly bundle: string;
  /** Why nobody is let in, in words. */
  readonly shut?: string | undefined;
  /** Sentences about what is stuck in this program; none while all is well. */
  readonly stuck: () => readonly string[];
  readonly logger: Logger;
  readonly clock?: Clock;
}

/** The page, its API and `/healthz`. Trouble of its own goes to the log: the bridge goes on without a page. */
export class WebServer {
  private readonly server: LocalServer;

  constructor(options: WebServerOptions) {
    const {
      host,
      port,
      access,
      hosts,
      origins = [],
      password = '',
      routes,
      bundle,
      shut,
      stuck,
      logger,
    } = options;
    const { clock = systemClock } = options;
    // A page that cannot be made is asked for again and again.
    const repeats = new Repeats({ clock, logger });
    const sessions = password === '' ? undefined : new Sessions(password, port, clock);
    const failed = (error: unknown): void => {
      repeats.say('warn', `The page could not do what was asked: ${messageOf(error)}`);
    };
    this.server = new LocalServer(
      {
        host,
        port,
        access,
        hosts,
        misdirected: (name) => logger.warn(misdirectedText('The page was', name, 'web.allowedHosts')),
        routes: { '/healthz': () => healthAnswer(stuck()) },
        more:
          shut === undefined
            ? [
                ...bundleRoutes(bundle),
                ...(sessions?.routes ?? []),
                ...servedRoutes(routes, { failed, until: (asked) => sessions?.until(asked) }),
              ]
            : [{ method: 'GET', path: '/', handle: () => plain(403, shut) }],
        refusal: (asked: Asked) => foreignRefusal(asked, origins) ?? sessions?.refusal(asked),
        refused: (path, answer) => (path.startsWith('/api/') ? asRefusal(answer) : answer),
        listening: (at) => {
          if (shut === undefined) logger.info(`The page is at ${host} port ${at}`);
        },
        failed: (error) => {
          if (this.port === undefined)
            repeats.say('warn', `There is no page: ${listenProblem(error, host, port, 'web')}`);
          else failed(error);
        },
      },
      clock,
    );
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

/** What the small server says by itself, in the form of the API. */
function asRefusal(answer: Answer): Answer {
  if (!answer.type.startsWith('text/plain')) return answer;
  return { ...answer, ...refusal(answer.status, String(answer.body).trim()) };
}
