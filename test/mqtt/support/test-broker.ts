import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { Aedes, type AuthenticateError } from 'aedes';
import { turnAway } from './turn-away.ts';

export interface Credentials {
  username: string;
  password: string;
}

/** A broker in this process (MQTT 3.1.1). It keeps its port from start to stop, however often it goes away meanwhile. */
export class TestBroker {
  port = 0;
  /** Connections so far, those that were turned away too. */
  attempts = 0;
  /** Undefined: everyone may come in. */
  credentials: Credentials | undefined;
  /** Topics that nobody may publish to. */
  readonly forbidden = new Set<string>();
  /** Topics over which it closes the connection: to publish there, or to listen. */
  readonly closesOver = new Set<string>();
  /** Topics at which it confirms what it throws away. */
  readonly throwsAway = new Set<string>();
  /** Longer payloads (bytes), too. */
  longest = Number.POSITIVE_INFINITY;
  /** It lets nobody in who has a last will. */
  refusesWills = false;
  willsRefused = 0;
  /** Everything that was to be published, in order. */
  readonly tried: string[] = [];
  private heldTopic: string | undefined;
  private readonly held: (() => void)[] = [];
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
    await this.comeBack();
    const accept = (socket: Socket): void => {
      this.attempts++;
      this.sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => this.sockets.delete(socket));
      if (this.aedes === undefined) turnAway(socket);
      else this.aedes.handle(socket);
    };
    const server = this.tls
      ? createTlsServer({ ...this.tls, noDelay: true }, accept)
      : createTcpServer({ noDelay: true }, accept);
    this.server = server;
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(this.port, resolve));
    const address = server.address();
    if (address !== null && typeof address === 'object') this.port = address.port;
    return this;
  }

  /** Answers nobody who wants to listen there before the returned function is called. */
  holdSubscriptions(topic: string): () => void {
    this.heldTopic = topic;
    return () => {
      this.heldTopic = undefined;
      for (const answer of this.held.splice(0)) answer();
    };
  }

  /** As if a cable were pulled: nobody takes leave. */
  cutAll(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  /** Lets nobody in until it comes back. */
  async goAway(): Promise<void> {
    const { aedes } = this;
    this.aedes = undefined;
    this.cutAll();
    await new Promise<void>((resolve) => {
      if (aedes === undefined) resolve();
      else aedes.close(() => resolve());
    });
  }

  /** On the same port, and it has forgotten all. */
  async comeBack(): Promise<void> {
    const aedes = await Aedes.createBroker();
    aedes.preConnect = (_client, { will }, done) => {
      const isRefused = will !== undefined && this.refusesWills;
      if (isRefused) this.willsRefused++;
      done(isRefused ? new Error('refused') : null, !isRefused);
    };
    aedes.authenticate = (_client, username, password, done) => {
      const { credentials } = this;
      const fits = username === credentials?.username && password?.toString() === credentials?.password;
      if (credentials === undefined || fits) return done(null, true);
      done(Object.assign(new Error('refused'), { returnCode: 4 }) as AuthenticateError, false);
    };
    aedes.authorizePublish = (_client, packet, done) => {
      const { topic, payload } = packet;
      this.tried.push(topic);
      if (this.throwsAway.has(topic)) packet.topic = 'thrown/away';
      const isRefused = this.closesOver.has(topic) || payload.length > this.longest;
      done(isRefused ? new Error('refused') : null);
    };
    aedes.authorizeSubscribe = (_client, subscription, done) => {
      if (this.closesOver.has(subscription.topic)) return done(new Error('refused'));
      const { topic } = subscription;
      const answer = () => done(null, this.forbidden.has(topic) ? null : subscription);
      if (topic === this.heldTopic) this.held.push(answer);
      else answer();
    };
    this.aedes = aedes;
  }

  async stop(): Promise<void> {
    await this.goAway();
    this.cutAll();
    await new Promise<void>((resolve) => {
      if (this.server === undefined) resolve();
      else this.server.close(() => resolve());
    });
  }
}
