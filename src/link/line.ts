import { BackOff, sleep, untilAborted } from '../shared/clock.ts';
import type { Deps } from '../shared/deps.ts';
import { type ErrorCode, hasCode, Multical2MqttError, messageOf, sentenceOf } from '../shared/errors.ts';
import { Trouble } from '../shared/trouble.ts';
import type { ByteChannel, ByteChannelFactory } from '../transport/channel.ts';
import { MeterSession } from './session.ts';
import type { Timing } from './timing.ts';

export interface LineOptions extends Deps {
  /** The port, for people. */
  readonly name: string;
  readonly makeChannel: ByteChannelFactory;
  readonly timing: Timing;
}

const FIRST_RETRY = 1_000;
const LONGEST_RETRY = 60_000;

/**
 * Keeps one port open for as long as the bridge runs: lends it to one meter at a time, and opens it again with back-off
 * when it went away or was never there. Every opening asks the system for the path anew, so a replugged head is found.
 */
export class Line {
  readonly name: string;
  private readonly options: LineOptions;
  private readonly stopping = new AbortController();
  private readonly backOff: BackOff;
  private session: MeterSession | undefined;
  private channel: ByteChannel | undefined;
  private trouble: Error;
  private readonly report: Trouble;
  private hasBeenOpen = false;
  private openListeners: Array<(wasLost: boolean) => void> = [];
  /** We closed it ourselves, to open it anew. */
  private renewing = false;
  /** Called at the end of the next attempt to open, whether it succeeded or not. */
  private attempted: Array<() => void> = [];
  private running: Promise<void> = Promise.resolve();
  /** The end of the queue of those who want the line. */
  private queue: Promise<unknown> = Promise.resolve();
  /** Settled unless the line is being opened anew. */
  private renewal: Promise<void> = Promise.resolve();
  /** Settles when the attempt to open that runs now has ended. */
  private opening: Promise<unknown> = Promise.resolve();
  /** Aborted, or undefined, unless another program has the port. */
  private lentUntil: AbortSignal | undefined;
  /** The same, also for one that waits for its turn. */
  private wantedUntil: AbortSignal | undefined;

  constructor(options: LineOptions) {
    this.options = options;
    this.name = options.name;
    this.backOff = new BackOff(FIRST_RETRY, LONGEST_RETRY, options.random);
    this.report = new Trouble(options, { isState: true });
    this.trouble = new Multical2MqttError('port-failed', `${options.name} is not open yet`);
  }

  /** Another program has the port, or gets it next: whoever wants the line now may have to wait for long. */
  get isLent(): boolean {
    return this.wantedUntil?.aborted === false;
  }

  /** Called after every opening, the first one included. `wasLost`: not closed by ourselves to be opened anew. */
  onOpen(listener: (wasLost: boolean) => void): void {
    this.openListeners.push(listener);
  }

  start(): void {
    this.running = this.keepOpen();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.trouble = new Multical2MqttError('cancelled', `${this.name} was closed`);
    this.report.stop();
    await this.channel?.close();
    await this.running;
  }

  /**
   * Lends the session to `use` when nobody else has it. Rejects with the port's trouble while it is not open. The
   * session is another object after each opening: whoever must know of a reconnection compares.
   */
  withSession<Result>(use: (session: MeterSession) => Promise<Result>): Promise<Result> {
    const turn = this.queue.then(() => this.lend(use));
    this.queue = turn.catch(() => {}).then(() => this.renewal);
    return turn;
  }

  /**
   * Closes the port for another program when nobody uses the line, and opens it again when `back` is aborted. Resolves
   * when it is closed; whoever wants the line waits meanwhile.
   */
  freePort(back: AbortSignal): Promise<void> {
    this.wantedUntil = back;
    const turn = this.queue.then(() => this.free(back));
    this.queue = turn.catch(() => {}).then(() => this.renewal);
    return turn;
  }

  private async free(back: AbortSignal): Promise<void> {
    if (back.aborted || this.stopping.signal.aborted) return;
    this.lentUntil = back;
    this.renewing = true;
    this.backOff.reset();
    this.renewal = this.reopened(back);
    await this.opening;
    await this.channel?.close();
  }

  private async reopened(back: AbortSignal): Promise<void> {
    await untilAborted(AbortSignal.any([back, this.stopping.signal]));
    if (this.stopping.signal.aborted) return;
    await new Promise<void>((resolve) => this.attempted.push(resolve));
  }

  private async lend<Result>(use: (session: MeterSession) => Promise<Result>): Promise<Result> {
    const session = this.session;
    const channel = this.channel;
    if (session === undefined) throw this.trouble;
    try {
      const result = await use(session);
      // A line over which a meter was heard is worth opening again at once.
      this.backOff.reset();
      return result;
    } catch (error) {
      const unheard = hasCode(error, 'no-answer') || hasCode(error, 'channel-closed');
      if (hasCode(error, 'no-answer')) this.renewing = true;
      if (unheard && channel === this.channel) this.renewal = this.renew();
      throw error;
    }
  }

  /**
   * A line on which the meter was not heard is opened anew: a gateway may have lost our connection without a word, an
   * adapter may hang. Bytes that still travel on the old one are lost with it, which is right. Another meter on the
   * same line waits for the new one.
   */
  private async renew(): Promise<void> {
    if (this.stopping.signal.aborted) return;
    const attempted = new Promise<void>((resolve) => this.attempted.push(resolve));
    await this.channel?.close();
    await attempted;
  }

  private async keepOpen(): Promise<void> {
    const { clock } = this.options;
    const { signal } = this.stopping;
    while (!signal.aborted) {
      if (this.lentUntil?.aborted === false) {
        await untilAborted(AbortSignal.any([this.lentUntil, signal]));
        continue;
      }
      const openedAt = clock.monotonic();
      const opening = this.open();
      this.opening = opening;
      const opened = await opening;
      this.notifyAttempted();
      await opened?.closed;
      // A gateway that lets us in and throws us out again is not asked every second.
      if (opened && clock.monotonic() - openedAt > LONGEST_RETRY) this.backOff.reset();
      await sleep(clock, this.backOff.next(), signal);
    }
    this.notifyAttempted();
  }

  private async open(): Promise<{ readonly closed: Promise<void> } | undefined> {
    const { clock, logger, makeChannel, timing } = this.options;
    const channel = makeChannel();
    // Before it is open: `stop` must be able to end an opening that takes long.
    this.channel = channel;
    const session = new MeterSession(channel, timing, clock, logger);
    const closed = new Promise<void>((resolve) => {
      channel.onClose((error) => {
        this.session = undefined;
        if (error !== undefined) this.inTrouble(error);
        resolve();
      });
    });
    try {
      await channel.open();
    } catch (error) {
      this.inTrouble(error instanceof Error ? error : new Error(messageOf(error)));
      return undefined;
    }
    this.session = session;
    if (this.stopping.signal.aborted) await channel.close();
    else this.isOpen();
    return { closed };
  }

  private notifyAttempted(): void {
    for (const tell of this.attempted.splice(0)) tell();
  }

  private isOpen(): void {
    const message = `${this.name} is open`;
    const wasInTrouble = this.report.over(() => message);
    // One that is opened anew because a meter was not heard is no news.
    if (!wasInTrouble) this.options.logger[this.hasBeenOpen ? 'debug' : 'info'](message);
    this.hasBeenOpen = true;
    this.trouble = new Multical2MqttError('channel-closed', `${this.name} is being opened anew`);
    const wasLost = !this.renewing;
    this.renewing = false;
    for (const listener of this.openListeners) listener(wasLost);
  }

  private inTrouble(error: Error): void {
    if (this.stopping.signal.aborted) return;
    this.renewing = false;
    this.trouble = error;
    this.report.met('warn', `${sentenceOf(error)} Trying again until it works.`);
  }
}

const PORT_TROUBLE: readonly ErrorCode[] = [
  'port-missing',
  'port-busy',
  'port-denied',
  'port-failed',
  'channel-closed',
];

/** True where the port is to blame, and not who is asked over it. */
export function isPortTrouble(error: unknown): boolean {
  return PORT_TROUBLE.some((code) => hasCode(error, code));
}
