import { type Addressee, type MeterCounters, MeterSession, newCounters } from '../../../src/link/session.ts';
import { lineTiming } from '../../../src/link/timing.ts';
import { CollectingLogger } from '../../support/collecting-logger.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { type Reaction, ScriptedChannel } from './scripted-channel.ts';

/** The meter's pause between the last byte of a request and the first of its reply. */
const TURNAROUND = 20;

/** A session on a scripted line, in a time that moves when the test says so. */
export class LentSession {
  readonly clock = new FakeClock();
  readonly logger = new CollectingLogger();
  readonly timing = lineTiming({ baudRate: 1200, network: false });
  readonly counters: MeterCounters = newCounters();
  readonly addressee: Addressee = { destination: 0x3f, counters: this.counters };
  readonly channel: ScriptedChannel;
  readonly session: MeterSession;
  /** When each request began. */
  readonly requestedAt: number[] = [];

  constructor(...reactions: Reaction[]) {
    this.channel = new ScriptedChannel(...reactions);
    const write = this.channel.write.bind(this.channel);
    this.channel.write = (bytes) => {
      this.requestedAt.push(this.clock.monotonic());
      return write(bytes);
    };
    this.session = new MeterSession(this.channel, this.timing, this.clock, this.logger);
  }

  /** After the request, byte by byte at line speed, as a meter sends. */
  atLineSpeed(bytes: Uint8Array, turnaround = TURNAROUND): Reaction {
    return ({ length }, channel) => {
      const { byteTime } = this.timing;
      bytes.forEach((byte, index) => {
        const delay = (length + index + 1) * byteTime + turnaround;
        this.clock.after(delay, () => channel.arrive(Uint8Array.of(byte)));
      });
    };
  }

  /** All in one piece, `delay` milliseconds after the request began. */
  inOnePiece(bytes: Uint8Array, delay: number): Reaction {
    return (_, channel) => {
      this.clock.after(delay, () => channel.arrive(bytes));
    };
  }

  /** What the line throws back while the request is sent, and then what the meter says. */
  withEcho(answer: Reaction): Reaction {
    return (request, channel) => {
      request.forEach((byte, index) => {
        this.clock.after((index + 1) * this.timing.byteTime, () => channel.arrive(Uint8Array.of(byte)));
      });
      answer(request, channel);
    };
  }

  /** The bytes of `parts` as they may arrive while nobody asks. */
  async overhears(bytes: Uint8Array): Promise<void> {
    for (const byte of bytes) {
      this.channel.arrive(Uint8Array.of(byte));
      await this.clock.advance(this.timing.byteTime);
    }
  }
}

/** The error that `promise` rejects with. */
export function errorOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => {
      throw new Error('nothing was rejected');
    },
    (error: unknown) => error,
  );
}
