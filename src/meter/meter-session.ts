import { toHex } from '../kmp/bytes.ts';
import { FrameReader, type ReaderItem } from '../kmp/frame-reader.ts';
import type { Logger } from '../log/logger.ts';
import type { Clock } from '../shared/clock.ts';
import { Multical2MqttError } from '../shared/errors.ts';
import type { ByteChannel } from '../transport/byte-channel.ts';
import { Exchange } from './exchange.ts';
import { type MeterCounters, newCounters } from './meter-counters.ts';
import type { MeterRequest } from './meter-request.ts';
import { addObservations, explainSilence, NOTHING_SEEN } from './observation.ts';
import type { Timing } from './timing.ts';

/** A line that does not fall silent for so long (ms) has more than a late reply on it: it is used as it is. */
const LONGEST_UNREST = 10_000;

/** Who is asked, and whose account the cost goes to. */
export interface Addressee {
  readonly destination: number;
  readonly counters: MeterCounters;
  /** What to do when its eye sleeps, once that is known. */
  readonly wakeAdvice?: () => string | undefined;
}

/**
 * Requests and replies over one open channel, one at a time. Ends with its channel; a new channel gets a new session.
 * Bytes that nobody waits for (late replies, noise) are read and thrown away.
 */
export class MeterSession {
  private readonly channel: ByteChannel;
  private readonly timing: Timing;
  private readonly clock: Clock;
  private readonly logger: Logger;
  private readonly reader = new FrameReader();
  private account: MeterCounters = newCounters();
  private exchange: Exchange<unknown> | undefined;
  private ended: Error | undefined;
  /** Wakes whoever waits for bytes or for time. */
  private wake: () => void = () => {};
  private lastByteAt: number;
  private readonly awakeUntil = new Map<number, number>();

  constructor(channel: ByteChannel, timing: Timing, clock: Clock, logger: Logger) {
    this.channel = channel;
    this.timing = timing;
    this.clock = clock;
    this.logger = logger;
    this.lastByteAt = clock.monotonic() - timing.byteTime;
    channel.onData((chunk) => this.received(chunk));
    channel.onClose((error) =>
      this.end(error ?? new Multical2MqttError('cancelled', `${channel.name} was closed`)),
    );
  }

  /**
   * Sends `request` and gives its reply, after up to three tries. Errors: `no-answer` with what was seen and what it
   * means, `channel-closed` where the line went away, `cancelled` where we closed it.
   */
  async request<Reply>(
    request: MeterRequest<Reply>,
    addressee: Addressee,
    tries: number = this.timing.tries,
  ): Promise<Reply> {
    this.account = addressee.counters;
    let seen = NOTHING_SEEN;
    for (let attempt = 1; attempt <= tries; attempt++) {
      if (attempt > 1) {
        addressee.counters.retries++;
        await this.silence(this.timing.quiet, this.clock.monotonic());
      }
      const exchange = await this.run(request, addressee);
      if (exchange.reply !== undefined) return exchange.reply;
      addressee.counters.timeouts++;
      seen = addObservations(seen, exchange.seen);
      this.logger.debug(`${this.channel.name}: try ${attempt} of ${tries} failed`, { ...exchange.seen });
    }
    // The meter, or a slow gateway, may still be talking: whoever asks next must not hear it.
    await this.silence(this.timing.quiet, this.clock.monotonic());
    throw noAnswer(this.channel.name, tries, explainSilence(seen, addressee.wakeAdvice?.()));
  }

  private async run<Reply>(request: MeterRequest<Reply>, addressee: Addressee): Promise<Exchange<Reply>> {
    // A request must not begin within one byte time of the last reply.
    await this.silence(this.timing.byteTime);
    this.throwIfEnded();
    // What began before the request cannot be its reply, even if it ends after it.
    this.note(this.reader.flush());
    const now = this.clock.monotonic();
    const exchange = new Exchange(request, addressee.destination, this.timing, now);
    this.countRequest(exchange, addressee, now);
    this.reader.expectEcho(exchange.wire);
    this.exchange = exchange;
    this.logger.debug(`${this.channel.name} < ${toHex(exchange.wire)}`);
    // Not awaited: the deadline runs from now, and a channel that cannot write ends the session.
    this.channel.write(exchange.wire).catch((error: Error) => this.end(error));
    try {
      while (exchange.reply === undefined && this.clock.monotonic() < exchange.deadline) {
        await this.wakeOrTime(exchange.deadline - this.clock.monotonic());
        this.throwIfEnded();
      }
    } finally {
      this.exchange = undefined;
      const unfinished = this.reader.flush();
      this.note(unfinished);
      exchange.receive(0, unfinished, false, this.clock.monotonic());
    }
    if (exchange.replyBeganAt !== undefined) {
      this.awakeUntil.set(addressee.destination, exchange.replyBeganAt + this.timing.awake);
    }
    return exchange;
  }

  private countRequest(exchange: Exchange<unknown>, { destination, counters }: Addressee, now: number): void {
    counters.transactions++;
    counters.bytesSent += exchange.wire.length;
    if (now > (this.awakeUntil.get(destination) ?? Number.NEGATIVE_INFINITY)) counters.wakeUps++;
  }

  private received(chunk: Uint8Array): void {
    const now = this.clock.monotonic();
    this.lastByteAt = now;
    const items = this.reader.push(chunk);
    this.account.bytesReceived += chunk.length;
    this.note(items);
    this.exchange?.receive(chunk.length, items, this.reader.openFrame === 'from-meter', now);
    if (this.exchange === undefined || this.exchange.reply !== undefined) this.wake();
  }

  private note(items: readonly ReaderItem[]): void {
    for (const item of items) {
      this.logger.debug(`${this.channel.name} > ${traceOf(item)}`);
      if (item.kind !== 'discarded') continue;
      this.account.discardedBytes += item.bytes.length;
      if (item.reason === 'checksum' && item.direction === 'from-meter') this.account.checksumErrors++;
    }
  }

  /**
   * Until nothing has been received for `duration`, counted from the last byte but not from before `from`. Gives up on a
   * line that is never silent, because light on the head would otherwise hold the reading for ever.
   */
  private async silence(duration: number, from = this.lastByteAt): Promise<void> {
    const latest = this.clock.monotonic() + duration + LONGEST_UNREST;
    for (;;) {
      this.throwIfEnded();
      const until = Math.min(Math.max(from, this.lastByteAt) + duration, latest);
      const rest = until - this.clock.monotonic();
      if (rest <= 0) return;
      await this.wakeOrTime(rest);
    }
  }

  /** Until something of interest was received, the session ended, or `delay` is over. */
  private wakeOrTime(delay: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.clock.after(delay, () => this.wake());
      this.wake = () => {
        cancel();
        this.wake = () => {};
        resolve();
      };
    });
  }

  private end(error: Error): void {
    this.ended ??= error;
    this.wake();
  }

  private throwIfEnded(): void {
    if (this.ended !== undefined) throw this.ended;
  }
}

function noAnswer(line: string, tries: number, meaning: string): Multical2MqttError {
  const message = `The meter at ${line} did not answer ${tries === 1 ? 'one request' : `${tries} requests`}. ${meaning}`;
  return new Multical2MqttError('no-answer', message);
}

/** One line a frame, fit to be pasted into `decode`. */
function traceOf(item: ReaderItem): string {
  switch (item.kind) {
    case 'ack':
      return '06';
    case 'discarded':
      return `${toHex(item.bytes)} (discarded: ${item.reason})`;
    case 'echo':
      return `${toHex(item.wire)} (our echo)`;
    case 'frame':
      return toHex(item.wire);
  }
}
