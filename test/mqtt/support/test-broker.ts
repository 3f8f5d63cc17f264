import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { Aedes, type AuthenticateError } from 'aedes';

export interface Credentials {
  username: string;
  password: string;
}

/** A broker in this process (MQTT 3.1.1). Stopped and started again, it has the same port and has forgotten all. */
export class TestBroker {
  port = 0;
  /** Undefined: everyone may come in. */
  credentials: Credentials | undefined;
  /** Topics that nobody may publish to. */
  readonly forbidden = new Set<string>();
  private readonly tls: TlsOptions | undefined;
  private aedes: Aedes | undefined;
  private server: Server | undefined;
  private readonly sockets = new Set<Socket>();

  constructor(tls?: TlsOptions) {
    this.tls = tls;
  }

  get url(): string {
    return `${this.tls ? 'mqtts' : 'mqtt'}://localhost:${this.port}`;
  }

  get clients(): number {
    return this.aedes?.connectedClients ?? 0;
  }

  async start(): Promise<this> {
    const aedes = await Aedes.createBroker();
    aedes.authenticate = (_client, username, password, done) => {
      const { credentials } = this;
      const fits = username === credentials?.username && password?.toString() === credentials?.password;
      if (credentials === undefined || fits) return done(null, true);
      done(Object.assign(new Error('refused'), { returnCode: 4 }) as AuthenticateError, false);
    };
    aedes.authorizeSubscribe = (_client, subscription, done) => {
      done(null, this.forbidden.has(subscription.topic) ? null : subscription);
    };
    const accept = (socket: Socket): void => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
      aedes.handle(socket);
    };
    this.aedes = aedes;
    this.server = this.tls ? createTlsServer(this.tls, accept) : createTcpServer(accept);
    await new Promise<void>((resolve) => this.server?.listen(this.port, resolve));
    const address = this.server.address();
    if (address !== null && typeof address === 'object') this.port = address.port;
    return this;
  }

  /** As if a cable were pulled: nobody takes leave. */
  cutAll(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    const { server, aedes } = this;
    this.cutAll();
    await new Promise<void>((resolve) => server?.close(() => resolve()));
    await new Promise<void>((resolve) => aedes?.close(() => resolve()));
  }
}
