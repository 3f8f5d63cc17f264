import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import type { Chance } from '../chance.ts';

/** What is done to a connection. Everything that is left out is as it should be. */
export interface Mischief {
  /** Milliseconds that each piece of data is held up. */
  readonly delay?: (chance: Chance) => number;
  /** Data that is not passed on; the connection stays. */
  readonly swallow?: 'to-server' | 'from-server' | 'both';
  /** Whether new connections are refused, or taken and left without an answer. */
  readonly refuse?: 'reset' | 'ignore';
  /** Data in pieces of so many bytes. */
  readonly pieces?: number;
  /** Each piece of data is, with this probability, passed on in half before the connection is reset. */
  readonly cut?: number;
}

/** Between the bridge and a server, to do to the connection what networks do. */
export class HostileProxy {
  port = 0;
  private readonly target: () => number;
  private readonly chance: Chance;
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;
  private mischief: Mischief = {};
  /** Pieces of data that something was done to. */
  struck = 0;

  constructor(target: () => number, chance: Chance) {
    this.target = target;
    this.chance = chance;
    this.server = createServer((near) => this.accept(near));
  }

  async start(): Promise<void> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port;
  }

  /** Replaces what was done so far. */
  suffer(mischief: Mischief): void {
    this.mischief = mischief;
  }

  reset(): void {
    for (const socket of this.sockets) socket.resetAndDestroy();
    this.struck++;
  }

  stop(): void {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
  }

  private accept(near: Socket): void {
    this.keep(near);
    const { refuse } = this.mischief;
    if (refuse !== undefined) {
      this.struck++;
      if (refuse === 'reset') near.resetAndDestroy();
      else near.resume();
      return;
    }
    const far = connect(this.target(), '127.0.0.1');
    this.keep(far);
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
    this.pass(near, far, 'to-server');
    this.pass(far, near, 'from-server');
  }

  private pass(from: Socket, to: Socket, way: 'to-server' | 'from-server'): void {
    // In order, whatever each piece has to wait.
    let before: Promise<void> = Promise.resolve();
    from.on('data', (data: Buffer) => {
      const { delay, swallow, pieces, cut } = this.mischief;
      if (delay !== undefined || swallow !== undefined || pieces !== undefined) this.struck++;
      if (swallow === way || swallow === 'both') return;
      const wait = delay?.(this.chance) ?? 0;
      const isCut = cut !== undefined && this.chance.happens(cut);
      before = before.then(() => this.deliver(to, data, { wait, pieces, isCut }));
    });
  }

  private async deliver(
    to: Socket,
    data: Buffer,
    { wait, pieces, isCut }: { wait: number; pieces: number | undefined; isCut: boolean },
  ): Promise<void> {
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    if (to.destroyed) return;
    if (isCut) {
      this.struck++;
      to.write(data.subarray(0, Math.ceil(data.length / 2)), () => this.reset());
      return;
    }
    if (pieces === undefined) {
      to.write(data);
      return;
    }
    for (let at = 0; at < data.length && !to.destroyed; at += pieces) {
      to.write(data.subarray(at, at + pieces));
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  private keep(socket: Socket): void {
    socket.setNoDelay(true);
    this.sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => this.sockets.delete(socket));
  }
}
