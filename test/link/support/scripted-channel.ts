import type { ByteChannel } from '../../../src/transport/channel.ts';

export type Reaction = (request: Uint8Array, channel: ScriptedChannel) => void;

/** A line whose other end is a test: it says what each request brings. */
export class ScriptedChannel implements ByteChannel {
  readonly name = 'the port';
  readonly written: Uint8Array[] = [];
  /** For each request in turn; nothing happens when there is none left. */
  readonly reactions: Reaction[];
  /** What `open` does, after the channel knows that it is wanted. */
  opening: () => Promise<void> = async () => {};
  writing: () => Promise<void> = async () => {};
  state: 'new' | 'open' | 'closed' = 'new';
  private dataListeners: Array<(chunk: Uint8Array) => void> = [];
  private closeListeners: Array<(error?: Error) => void> = [];

  constructor(...reactions: Reaction[]) {
    this.reactions = reactions;
  }

  async open(): Promise<void> {
    if (this.state !== 'new') throw new Error('a channel is used once');
    await this.opening();
    this.state = 'open';
  }

  write(bytes: Uint8Array): Promise<void> {
    this.written.push(bytes);
    this.reactions.shift()?.(bytes, this);
    return this.writing();
  }

  onData(listener: (chunk: Uint8Array) => void): void {
    this.dataListeners.push(listener);
  }

  onClose(listener: (error?: Error) => void): void {
    this.closeListeners.push(listener);
  }

  async close(): Promise<void> {
    if (this.state === 'open') this.end();
  }

  arrive(bytes: Uint8Array): void {
    for (const listener of this.dataListeners) listener(bytes);
  }

  goAway(error: Error): void {
    this.end(error);
  }

  private end(error?: Error): void {
    this.state = 'closed';
    for (const listener of this.closeListeners.splice(0)) listener(error);
  }
}
