import type { ByteChannel } from '../../../src/transport/channel.ts';
import { eventually } from '../../support/eventually.ts';

/** A channel and all that it said. */
export class HeardChannel {
  readonly channel: ByteChannel;
  received = '';
  /** One entry for each time that the channel closed. */
  readonly closes: Array<Error | undefined> = [];

  constructor(channel: ByteChannel) {
    this.channel = channel;
    channel.onData((chunk) => {
      this.received += Buffer.from(chunk).toString('latin1');
    });
    channel.onClose((error) => this.closes.push(error));
  }

  async hears(text: string): Promise<void> {
    await eventually(() => this.received.length >= text.length);
  }

  /** The error that it closed with, or undefined. */
  async closed(): Promise<Error | undefined> {
    await eventually(() => this.closes.length > 0);
    return this.closes[0];
  }
}

export function bytes(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}
