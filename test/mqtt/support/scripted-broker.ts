import { createServer, type Server, type Socket } from 'node:net';

/** Takes each connection, says the bytes it was given, and is silent from then on. */
export class ScriptedBroker {
  readonly sockets = new Set<Socket>();
  private readonly bytes: Uint8Array;
  private readonly server: Server;

  constructor(bytes: readonly number[]) {
    this.bytes = Uint8Array.from(bytes);
    this.server = createServer((socket) => {
      this.sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => this.sockets.delete(socket));
      // The client's CONNECT comes first.
      socket.once('data', () => socket.write(this.bytes));
    });
  }

  get url(): string {
    const address = this.server.address();
    return `mqtt://localhost:${address !== null && typeof address === 'object' ? address.port : 0}`;
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, resolve));
    return this;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }
}
