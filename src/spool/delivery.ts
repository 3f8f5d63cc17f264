import { BackOff, sleep } from '../shared/clock.ts';
import { noDeliveries, type Outcome } from '../shared/delivery.ts';
import type { Deps } from '../shared/deps.ts';
import { messageOf, sentenceOf } from '../shared/errors.ts';
import { withoutNumbers } from '../shared/repeats.ts';
import { Trouble } from '../shared/trouble.ts';
import type { Spool, WaitingText } from './spool.ts';

export interface DeliveryOptions extends Deps {
  readonly spool: Spool;
  /** At most so many texts, of about so many bytes, are sent at once. */
  readonly batch: { readonly count: number; readonly bytes: number };
  readonly send: (batch: readonly WaitingText[], signal: AbortSignal) => Promise<Outcome>;
  /** Texts of one kind are refused and accepted alike. */
  readonly kindOf: (text: string) => string;
  readonly refusals: Refusals;
  /** Resolves when the text is kept elsewhere. */
  readonly setAside: (refused: WaitingText, reason: string) => Promise<void>;
  /** The server, for messages: `InfluxDB`. */
  readonly label: string;
  /** To be called when the health has changed. */
  readonly changed: () => void;
}

const FIRST_PAUSE = 5_000;
const LONGEST_PAUSE = 300_000;

/** Delivers what waits to a server, in order, again and again until it is there. A refused text is set aside alone. */
export class Delivery {
  readonly counts = noDeliveries();
  private trouble: string | null = null;
  private readonly log: Trouble;
  private readonly options: DeliveryOptions;
  private readonly backOff: BackOff;
  private readonly stopping = new AbortController();
  private wake: () => void = () => {};
  private running: Promise<void> = Promise.resolve();

  constructor(options: DeliveryOptions) {
    this.options = options;
    this.log = new Trouble(options, { isState: true });
    this.backOff = new BackOff(FIRST_PAUSE, LONGEST_PAUSE, options.random);
  }

  /** In words; null while all is well. */
  get problem(): string | null {
    return this.trouble ?? this.options.refusals.problem;
  }

  start(): void {
    this.running = this.run();
  }

  /** To be called when something new waits. */
  wakeUp(): void {
    this.wake();
  }

  /** Cuts what is under way. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.log.stop();
    this.options.refusals.stop();
    this.wake();
    await this.running;
  }

  private async run(): Promise<void> {
    const { spool, batch, clock } = this.options;
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const woken = this.nextWake();
      const waiting = await spool.peek(batch.count, batch.bytes);
      if (signal.aborted) return;
      if (waiting.length === 0) {
        await woken;
        continue;
      }
      try {
        await this.deliver(waiting);
      } catch (error) {
        if (signal.aborted) return;
        this.failed(messageOf(error));
        await sleep(clock, this.backOff.next(), signal);
      }
    }
  }

  /** A batch that is refused is cut in halves until the one is found that is at fault; the rest goes through. */
  private async deliver(batch: readonly WaitingText[]): Promise<void> {
    const { spool, send, setAside, kindOf, refusals, clock, changed } = this.options;
    const outcome = await send(batch, this.stopping.signal);
    const [first] = batch;
    if (first === undefined) return;
    if (outcome !== 'delivered' && batch.length > 1) {
      const middle = Math.ceil(batch.length / 2);
      await this.deliver(batch.slice(0, middle));
      await this.deliver(batch.slice(middle));
      return;
    }
    if (outcome !== 'delivered') {
      await setAside(first, outcome.refused);
      refusals.refused(kindOf(first.text), outcome.refused);
      this.counts.refused++;
    } else {
      refusals.accepted(batch.map(({ text }) => kindOf(text)));
      this.counts.delivered += batch.length;
      this.counts.lastDelivery = clock.now();
    }
    await spool.drop(batch);
    this.backOff.reset();
    this.recovered();
    changed();
  }

  private failed(problem: string): void {
    const { label, spool, changed } = this.options;
    const text = `${label}: ${sentenceOf(problem)} ${spool.waiting} waiting; they are sent when it works again.`;
    this.log.met('warn', text, withoutNumbers(problem));
    this.trouble = problem;
    changed();
  }

  private recovered(): void {
    this.trouble = null;
    const { label, spool } = this.options;
    this.log.over(() => `${label}: works again, ${spool.waiting} still waiting`);
  }

  private nextWake(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve;
    });
  }
}

interface RefusalsOptions extends Pick<Deps, 'clock' | 'logger'> {
  /** The server and one text, for messages: `InfluxDB`, `point`. */
  readonly label: string;
  readonly noun: string;
  /** Tells a person what to do. */
  readonly advice: string;
  /** The file of refused texts. */
  readonly path: string;
}

/** Reports refusals for good, by the kind of text. One stays a problem until a text of that kind is accepted again. */
export class Refusals {
  private readonly options: RefusalsOptions;
  private readonly reasons = new Map<string, string>();
  private readonly log: Trouble;

  constructor(options: RefusalsOptions) {
    this.options = options;
    this.log = new Trouble(options, { isState: true });
  }

  /** In words; null while all is well. */
  get problem(): string | null {
    const [reason] = this.reasons.values();
    return reason === undefined ? null : this.sentences(reason);
  }

  /** Logs once, however many there are: the count is in the health. */
  refused(kind: string, reason: string): void {
    if (this.reasons.get(kind) === reason) return;
    this.reasons.set(kind, reason);
    this.log.met('error', `${this.options.label}: ${this.sentences(reason)}`, withoutNumbers(reason));
  }

  accepted(kinds: readonly string[]): void {
    const { label, noun } = this.options;
    for (const kind of kinds) this.reasons.delete(kind);
    if (this.reasons.size === 0) this.log.over(() => `${label}: such a ${noun} is taken again`);
  }

  stop(): void {
    this.log.stop();
  }

  private sentences(reason: string): string {
    const { noun, advice, path } = this.options;
    return `A ${noun} is refused for good: ${reason}. Such ones are set aside in ${path}. ${advice}`;
  }
}
