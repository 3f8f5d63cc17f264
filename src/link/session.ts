import { toHex } from '../kmp/bytes.ts';
import { FrameReader, type ReaderItem } from '../kmp/frame.ts';
import { WAKE_CALL, WAKE_CALL_BAUD_RATE } from '../kmp/messages.ts';
import { type Clock, sleep } from '../shared/clock.ts';
import { Multical2MqttError } from '../shared/errors.ts';
import type { Logger } from '../shared/logger.ts';
import type { ByteChannel } from '../transport/channel.ts';
import {
  addObservations,
  Exchange,
  explainSilence,
  type MeterRequest,
  NOTHING_SEEN,
  type Observation,
} from './exchange.ts';
import type { ExchangeLog, ExchangeRecording } from './exchange-log.ts';
import type { Timing } from './timing.ts';

/** Counts the cost of reading one meter. Written by the session, read by whoever reports it. */
export interface MeterCounters {
  /** Requests sent, repeated ones included. */
  transactions: number;
  retries: number;
  /** Requests that found the meter asleep: each costs it a wake-up. */
  wakeUps: number;
  /** Milliseconds from a request that found it asleep until it sleeps again; nothing for one without an answer. */
  awakeTime: number;
  timeouts: number;
  checksumErrors: number;
  discardedBytes: number;
  bytesSent: number;
  /** Everything that arrived, echoes included. */
  bytesReceived: number;
}

export function newCounters(): MeterCounters {
  return {
    transactions: 0,
    retries: 0,
    wakeUps: 0,
    awakeTime: 0,
    timeouts: 0,
    checksumErrors: 0,
    discardedBytes: 0,
    bytesSent: 0,
    bytesReceived: 0,
  };
}

export interface Addressee {
  readonly destination: number;
  readonly counters: MeterCounters;
  /** Tells how to wake its eye, once that is known. */
  readonly wakeAdvice?: () => string | undefined;
  /** How often it is asked in vain while it may be asleep; default: as the timing says. */
  readonly tries?: () => number;
  /** Called after every try, with or without a reply. */
  readonly tried?: (seen: SeenTry) => void;
  /** Keeps what was on the line. */
  readonly exchanges?: ExchangeLog | undefined;
}

export interface SeenTry {
  readonly observation: Observation;
  /** Milliseconds from the request's last byte to the reply's first; null without a reply. */
  readonly turnaround: number | null;
}

/**
 * Exchanges requests and replies over one open channel, one at a time. Ends with its channel; a new channel gets a new session.
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
  private recording: ExchangeRecording | undefined;
  private ended: Error | undefined;
  /** Ends the wait for bytes or for time. */
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
   * Sends `request` and gives its reply, after up to three tries, unless `addressee` says otherwise. Errors: `no-answer` with what was seen and what it
   * means, `channel-closed` where the line went away, `cancelled` where we closed it.
   */
  async request<Reply>(
    request: MeterRequest<Reply>,
    addressee: Addressee,
    tries: number = this.triesFor(addressee),
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

  /**
   * Calls a meter that needs the old call at 300 baud before it listens; nothing where it is awake still. Errors:
   * `usage` where the line cannot change its speed, and those of `request`.
   */
  async callAwake({ destination, counters }: Addressee): Promise<void> {
    if (this.isAwake(destination)) return;
    this.account = counters;
    await this.silence(this.timing.byteTime);
    this.logger.debug(`${this.channel.name} < ${toHex(WAKE_CALL)} (at 300 baud)`);
    counters.bytesSent += WAKE_CALL.length;
    await sendWakePreamble(this.channel, this.timing.baudRate, this.clock);
    this.throwIfEnded();
  }

  /** A meter that has just answered is worth all of them. */
  private triesFor({ destination, tries }: Addressee): number {
    return tries === undefined || this.isAwake(destination) ? this.timing.tries : tries();
  }

  private isAwake(destination: number): boolean {
    return this.clock.monotonic() <= (this.awakeUntil.get(destination) ?? Number.NEGATIVE_INFINITY);
  }

  private async run<Reply>(request: MeterRequest<Reply>, addressee: Addressee): Promise<Exchange<Reply>> {
    // A request must not begin within one byte time of the last reply.
    await this.silence(this.timing.byteTime);
    this.throwIfEnded();
    // A frame that began before the request cannot be its reply, even if it ends after it.
    this.note(this.reader.flush());
    const now = this.clock.monotonic();
    const exchange = new Exchange(request, addressee.destination, this.timing, now);
    this.countRequest(exchange, addressee);
    this.reader.expectEcho(exchange.wire);
    this.exchange = exchange;
    this.recording = addressee.exchanges?.begin(exchange.wire, this.clock.now());
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
      const sentAt = now + exchange.wire.length * this.timing.byteTime;
      this.recording?.end(exchange, this.lastByteAt - sentAt, this.ended);
      this.recording = undefined;
    }
    const { replyBeganAt } = exchange;
    if (replyBeganAt !== undefined) this.countAwake(replyBeganAt, addressee, now);
    const turnaround =
      replyBeganAt === undefined ? null : replyBeganAt - now - exchange.wire.length * this.timing.byteTime;
    addressee.tried?.({ observation: exchange.seen, turnaround });
    return exchange;
  }

  /** Windows that overlap are one: a request to a meter that is awake only makes it stay awake longer. */
  private countAwake(replyBeganAt: number, { destination, counters }: Addressee, askedAt: number): void {
    const until = replyBeganAt + this.timing.awake;
    counters.awakeTime += until - Math.max(askedAt, this.awakeUntil.get(destination) ?? askedAt);
    this.awakeUntil.set(destination, until);
  }

  private countRequest(exchange: Exchange<unknown>, { destination, counters }: Addressee): void {
    counters.transactions++;
    counters.bytesSent += exchange.wire.length;
    if (!this.isAwake(destination)) counters.wakeUps++;
  }

  private received(chunk: Uint8Array): void {
    const now = this.clock.monotonic();
    this.lastByteAt = now;
    const items = this.reader.push(chunk);
    this.account.bytesReceived += chunk.length;
    this.recording?.heard(chunk);
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
   * Waits until nothing has been received for `duration`, counted from the last byte but not from before `from`. Gives up on a
   * line that is never silent, because light on the head would otherwise hold the reading for ever.
   */
  private async silence(duration: number, from = this.lastByteAt): Promise<void> {
    const latest = this.clock.monotonic() + duration + this.timing.unrest;
    for (;;) {
      this.throwIfEnded();
      const until = Math.min(Math.max(from, this.lastByteAt) + duration, latest);
      const rest = until - this.clock.monotonic();
      if (rest <= 0) return;
      await this.wakeOrTime(rest);
    }
  }

  /** Waits until something of interest was received, the session ended, or `delay` is over. */
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
  return new Multical2MqttError('no-answer', message, { brief: meaning });
}

/** Renders one line a frame, fit to be pasted into `decode`. */
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

const BITS_PER_BYTE = 11;
/** A port may say that it has sent everything while the last bits are still on their way. */
const CALL_TIME = (WAKE_CALL.length * BITS_PER_BYTE * 1000) / WAKE_CALL_BAUD_RATE;
/** Kitsok/ha-kamstrup_403 gives its 403 a second to wake up. */
const TIME_TO_WAKE = 1_000;

/** Calls a meter that sleeps, at 300 baud, and leaves the line at `baudRate` again, in any case. */
async function sendWakePreamble(channel: ByteChannel, baudRate: number, clock: Clock): Promise<void> {
  if (channel.setBaudRate === undefined) {
    const message = `${channel.name} cannot call the meter at 300 baud, because a port in the network keeps its speed. Set wakeUp to "none", or connect the head to this machine.`;
    throw new Multical2MqttError('usage', message);
  }
  await channel.setBaudRate(WAKE_CALL_BAUD_RATE);
  try {
    await channel.write(WAKE_CALL);
    await sleep(clock, CALL_TIME);
  } finally {
    await channel.setBaudRate(baudRate);
  }
  await sleep(clock, TIME_TO_WAKE);
}
