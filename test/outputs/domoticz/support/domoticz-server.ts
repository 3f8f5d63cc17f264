import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { TlsOptions } from 'node:tls';

interface Update {
  readonly index: number;
  readonly svalue: string;
}

/**
 * Answers `udevice` as Domoticz does, by its documentation ("Domoticz API/JSON URL's" in its wiki) and its source
 * (Cmd_UpdateDevice): ours, because Domoticz itself is in no distribution and could not be tried here.
 */
export class DomoticzServer {
  readonly updates: Update[] = [];
  /** Requests as they came, with what they said of who asks. */
  readonly requests: { readonly target: string; readonly authorization: string | undefined }[] = [];
  /** The devices that there are. */
  readonly devices = new Set([12, 13, 14]);
  /** `name:password`; undefined: everybody may come in. */
  user: string | undefined;
  /** Devices that belong to nobody who asks. */
  readonly forbidden = new Set<number>();
  /** Takes the place of Domoticz. */
  instead: RequestListener | undefined;
  private readonly tls: TlsOptions | undefined;
  private readonly path: string;
  private readonly sockets = new Set<Socket>();
  private port = 0;
  private server: Server | undefined;

  constructor({ tls, path = '' }: { tls?: TlsOptions; path?: string } = {}) {
    this.tls = tls;
    this.path = path;
  }

  get url(): string {
    return this.tls
      ? `https://localhost:${this.port}${this.path}`
      : `http://127.0.0.1:${this.port}${this.path}`;
  }

  /** Stopped and started again, it has the same port. */
  async start(): Promise<this> {
    const listener: RequestListener = (request, response) => {
      const { target, authorization } = asked(request);
      this.requests.push({ target, authorization });
      if (this.instead !== undefined) return this.instead(request, response);
      const { status, body } = this.answer(target, authorization);
      response.writeHead(status, { 'content-type': 'application/json' }).end(body);
    };
    const server = this.tls ? createTlsServer(this.tls, listener) : createServer(listener);
    server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
    });
    this.server = server;
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(this.port, resolve));
    this.port = (server.address() as AddressInfo).port;
    return this;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((resolve) => {
      if (this.server === undefined) resolve();
      else this.server.close(() => resolve());
    });
  }

  /** What one device was told, in order. */
  told(index: number): string[] {
    return this.updates.filter((update) => update.index === index).map(({ svalue }) => svalue);
  }

  get connections(): number {
    return this.sockets.size;
  }

  private answer(target: string, authorization: string | undefined): { status: number; body: string } {
    const { pathname, searchParams } = new URL(target, 'http://domoticz');
    if (pathname !== `${this.path}/json.htm`) return { status: 404, body: 'Not Found' };
    const known = `Basic ${Buffer.from(this.user ?? '').toString('base64')}`;
    if (this.user !== undefined && authorization !== known) return { status: 401, body: 'Unauthorized' };
    const index = Number(searchParams.get('idx'));
    if (this.forbidden.has(index)) return { status: 403, body: 'Forbidden' };
    const command = `${searchParams.get('type')} ${searchParams.get('param')} ${searchParams.get('nvalue')}`;
    const svalue = searchParams.get('svalue');
    if (command !== 'command udevice 0' || svalue === null || !this.devices.has(index))
      return { status: 200, body: '{\n   "status" : "ERR"\n}\n' };
    this.updates.push({ index, svalue });
    return { status: 200, body: '{\n   "status" : "OK",\n   "title" : "Update Device"\n}\n' };
  }
}

function asked({ url = '', headers }: IncomingMessage) {
  return { target: url, authorization: headers.authorization };
}
