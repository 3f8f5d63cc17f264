import type { Clock } from '../shared/clock.ts';
import { covers } from './topic-families.ts';

/** Milliseconds within which what was published comes back; a broker that is slower is only asked in vain. */
const BACK_WITHIN = 5_000;
/** What is so much longer than all that was looked at may be too long; shorter than so many bytes nothing is. */
const MUCH_LONGER = { times: 2, bytes: 1_024 };

interface Awaited {
  /** All that was sent since, the newest last. */
  readonly payloads: Set<string>;
  /** When the first was taken; milliseconds of the monotonic clock. */
  since?: number;
  /** We listen there for this only. */
  isAsked?: boolean;
}

interface ReadBackOptions {
  readonly clock: Clock;
  /** Topics that were looked at in this run, with the length of the longest payload; more are added. */
  readonly known: Map<string, number>;
  /** Asks for what the broker holds at a topic. */
  readonly listen: (topic: string) => void;
  readonly unlisten: (topic: string) => void;
  /** The broker has taken something for these topics, and does not hand it out. */
  readonly missing: (topics: readonly string[]) => void;
}

/**
 * Looks whether the broker holds what it has taken. By MQTT 3.1.1 it confirms also what it throws away, because it may
 * not be published there or is too long. Each topic is looked at once, and again when its payload has become much longer,
 * but only where we listen or have listened anyway: a broker could close the connection over another subscription.
 */
export class ReadBack {
  private readonly options: ReadBackOptions;
  /** Filters that the broker has granted, and whether we have taken them back. */
  private readonly filters = new Map<string, 'listening' | 'over'>();
  /** By topic. */
  private readonly awaited = new Map<string, Awaited>();
  private cancel: (() => void) | undefined;

  constructor(options: ReadBackOptions) {
    this.options = options;
  }

  listens(filter: string): void {
    this.filters.set(filter, 'listening');
  }

  listensNot(filter: string): void {
    if (this.filters.has(filter)) this.filters.set(filter, 'over');
  }

  /** A broker may hand it out before it confirms it. */
  sending(topic: string, payload: string): void {
    const longest = this.options.known.get(topic);
    const { times, bytes } = MUCH_LONGER;
    if (longest !== undefined && payload.length <= Math.max(bytes, longest * times)) return;
    const awaited = this.awaited.get(topic);
    if (awaited === undefined) this.awaited.set(topic, { payloads: new Set([payload]) });
    else awaited.payloads.add(payload);
  }

  /** The broker has taken it, to hold it. */
  taken(topic: string): void {
    const { listen, clock } = this.options;
    const awaited = this.awaited.get(topic);
    if (awaited === undefined || awaited.since !== undefined) return;
    const states = Array.from(this.filters).flatMap(([filter, state]) =>
      covers(filter, topic) ? [state] : [],
    );
    if (states.length === 0) {
      this.awaited.delete(topic);
      return;
    }
    awaited.since = clock.monotonic();
    awaited.isAsked = !states.includes('listening');
    if (awaited.isAsked) listen(topic);
    this.cancel ??= clock.after(BACK_WITHIN, () => this.compare());
  }

  /** The broker has refused it with an answer, so that there is nothing to look for. */
  refused(topic: string): void {
    if (this.awaited.get(topic)?.since === undefined) this.awaited.delete(topic);
  }

  /** What an earlier run has left there is no sign. */
  seen(topic: string, payload: string): void {
    const awaited = this.awaited.get(topic);
    if (awaited?.payloads.has(payload)) this.end(topic, awaited);
  }

  stop(): void {
    this.cancel?.();
  }

  private end(topic: string, { payloads, isAsked }: Awaited): void {
    const { known, unlisten } = this.options;
    known.set(topic, Math.max(known.get(topic) ?? 0, ...Array.from(payloads, ({ length }) => length)));
    this.awaited.delete(topic);
    if (isAsked === true) unlisten(topic);
  }

  private compare(): void {
    const { clock, missing } = this.options;
    const now = clock.monotonic();
    const taken = Array.from(this.awaited).filter(([, { since }]) => since !== undefined);
    const late = taken.filter(([, { since }]) => (since ?? now) <= now - BACK_WITHIN);
    for (const [topic, awaited] of late) this.end(topic, awaited);
    this.cancel = undefined;
    if (taken.length > late.length) this.cancel = clock.after(BACK_WITHIN, () => this.compare());
    if (late.length > 0) missing(late.map(([topic]) => topic));
  }
}
