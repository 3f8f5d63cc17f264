import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

const CR = 0x0d;
const LF = 0x0a;

/** More than this (bytes) is left with the system, and then with the sender. */
const MOST_HELD = 16 * 1024;

/**
 * One connection on its way to Node's HTTP server, which would take in all requests that a client sends at once, and
 * hold all their answers where the client does not take them. Here a request waits until the answer to the one before
 * has left, and until it is let in; what comes after it stays unread, its body too, unless that is wanted.
 */
export class Turnstile extends Duplex {
  private readonly socket: Socket;
  private readonly admit: () => boolean;
  private held: Buffer = Buffer.alloc(0);
  /** A request is through, and its answer has not left yet. */
  private busy = false;
  /** Of the body of the request that is through: bytes that may follow it. */
  private bodyLeft = 0;
  /** Within a request's head; the line that is passing has nothing in it so far. */
  private begun = false;
  private lineIsEmpty = true;
  private hasEnded = false;

  /** `admit` is asked when a request is complete; after a no, `proceed` lets it be asked again. */
  constructor(socket: Socket, admit: () => boolean) {
    super({ allowHalfOpen: false });
    this.socket = socket;
    this.admit = admit;
    // Trouble of the connection is its end.
    this.on('error', () => {});
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => {
      this.held = this.held.length === 0 ? chunk : Buffer.concat([this.held, chunk]);
      this.proceed();
      if (this.held.length > MOST_HELD) socket.pause();
    });
    socket.once('end', () => {
      this.hasEnded = true;
      this.proceed();
    });
    socket.once('close', () => this.destroy());
  }

  get remoteAddress(): string {
    return this.socket.remoteAddress ?? '';
  }

  get isBusy(): boolean {
    return this.busy;
  }

  /** The request that is through has a body of so many bytes, which is wanted. */
  letIn(length: number): void {
    this.bodyLeft = length;
    // Not while Node still reads the head.
    queueMicrotask(() => this.proceed());
  }

  /** The answer has left. */
  answered(): void {
    this.busy = false;
    this.bodyLeft = 0;
    this.proceed();
  }

  /** Lets in what may come in now. */
  proceed(): void {
    if (this.bodyLeft > 0 && this.held.length > 0) {
      const passing = this.held.subarray(0, this.bodyLeft);
      this.bodyLeft -= passing.length;
      this.pass(passing);
    }
    while (!this.busy && this.held.length > 0) {
      const end = this.endOfHead();
      if (end.isComplete && !this.admit()) return;
      this.busy = end.isComplete;
      this.begun = end.begun;
      this.lineIsEmpty = end.lineIsEmpty;
      this.pass(this.held.subarray(0, end.at));
    }
    if (this.held.length <= MOST_HELD) this.socket.resume();
    if (this.hasEnded && this.held.length === 0 && !this.busy) this.push(null);
  }

  /** `passing`: the beginning of what is held. */
  private pass(passing: Buffer): void {
    // A copy: a slice would keep the whole chunk.
    this.held = Buffer.from(this.held.subarray(passing.length));
    this.push(passing);
  }

  override _read(): void {}

  override _write(chunk: Uint8Array, _encoding: string, done: (error?: Error | null) => void): void {
    this.socket.write(chunk, done);
  }

  override _final(done: () => void): void {
    this.socket.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.socket.destroy();
    done(error);
  }

  /** Where the head that is passing ends in what is held: after an empty line, with or without carriage returns. */
  private endOfHead(): { isComplete: boolean; at: number; begun: boolean; lineIsEmpty: boolean } {
    let { begun, lineIsEmpty } = this;
    for (let index = 0; index < this.held.length; index++) {
      const byte = this.held[index];
      if (byte === CR) continue;
      if (byte !== LF) begun = true;
      if (byte === LF && lineIsEmpty && begun)
        return { isComplete: true, at: index + 1, begun: false, lineIsEmpty: true };
      lineIsEmpty = byte === LF;
    }
    return { isComplete: false, at: this.held.length, begun, lineIsEmpty };
  }
}
