import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

type Reply = { readonly status: number; readonly body: unknown } | 'silence' | 'drops';

const NO_PROVIDER: Reply = { status: 400, body: { result: 'error', message: 'Service not enabled' } };

/** What it tells of an add-on and of the system, and what Home Assistant itself does. */
const ABOUT: Readonly<Record<string, unknown>> = {
  '/addons/self/info': { result: 'ok', data: { slug: 'a1b2c3d4_multical2mqtt' } },
  '/core/api/config': { language: 'da' },
  '/info': { result: 'ok', data: { homeassistant: '2026.11.0' } },
};

/** Home Assistant's Supervisor, as an add-on sees it: a real server that knows one token and one service. */
export class FakeSupervisor {
  readonly token = 'supervisor-token-0123456789';
  /** What was asked, oldest first. */
  readonly asked: string[] = [];
  /** What was sent to it, parsed, by method and path. */
  readonly sent: Array<readonly [what: string, body: unknown]> = [];
  /** Of the service. */
  reply: Reply = NO_PROVIDER;
  /** By path; the rest is the service. */
  readonly about = new Map<string, Reply>(
    Object.entries(ABOUT).map(([path, body]) => [path, { status: 200, body }]),
  );
  private readonly server: Server;

  private constructor() {
    this.server = createServer(async (request, response) => {
      const what = `${request.method} ${request.url}`;
      this.asked.push(what);
      const sent = await text(request);
      if (sent !== '') this.sent.push([what, JSON.parse(sent)]);
      const known = request.headers.authorization === `Bearer ${this.token}`;
      const reply: Reply = known
        ? (this.about.get(request.url ?? '') ?? this.reply)
        : { status: 401, body: { result: 'error' } };
      if (reply === 'silence') return;
      if (reply === 'drops') {
        // Never still, and never at an end.
        const dripping = setInterval(() => response.write(' '), 20);
        response.on('close', () => clearInterval(dripping));
        return;
      }
      response.writeHead(reply.status, { 'content-type': 'application/json' });
      response.end(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body));
    });
  }

  /** Until the test ends. */
  static async start(): Promise<FakeSupervisor> {
    const fake = new FakeSupervisor();
    await new Promise<void>((resolve) => fake.server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      fake.server.close();
      fake.server.closeAllConnections();
    });
    return fake;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** An add-on provides a broker from now on. */
  provide(service: Readonly<Record<string, unknown>>): void {
    const data = { addon: 'core_mosquitto', ssl: false, protocol: '3.1.1', ...service };
    this.reply = { status: 200, body: { result: 'ok', data } };
  }

  withdraw(): void {
    this.reply = NO_PROVIDER;
  }
}
