import { connect, createServer, type Server, type Socket } from 'node:net';
import { turnAway } from './turn-away.ts';

/** Between us and a broker, to cut the line without either of them taking leave. */
export class TcpProxy {
  port = 0;
  private readonly target: number;
  private readonly sockets = new Set<Socket>();
  private server: Server | undefined;
  private isCut = false;

  constructor(target: number) {
    this.target = target;
  }

  get url(): string {
    return `mqtt://127.0.0.1:${this.port}`;
  }

  async start(): Promise<this> {
    const server = createServer((near) => {
      this.keep(near);
      if (this.isCut) turnAway(near);
      else this.join(near, connect(this.target, '127.0.0.1'));
    });
    this.server = server;
    await new Promise<void>((resolve, reject) =>
      server.once('error', reject).listen(0, '127.0.0.1', resolve),
    );
    const address = server.address();
    if (address !== null && typeof address === 'object') this.port = address.port;
    return this;
  }

  /** Cuts what is there and lets nobody through until it is mended. */
  cut(): void {
    this.isCut = true;
    for (const socket of this.sockets) socket.destroy();
  }

  mend(): void {
    this.isCut = false;
  }

  async stop(): Promise<void> {
    this.cut();
    await new Promise<void>((resolve) => this.server?.close(() => resolve()));
  }

  private join(near: Socket, far: Socket): void {
    this.keep(far);
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
    near.pipe(far).pipe(near);
  }

  private keep(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => this.sockets.delete(socket));
  }
}
