import type { Place } from './broker-list.ts';
import { EmptiedTopics } from './emptied-topics.ts';

/** Sends one payload; `done` once the broker has taken or refused it, `again` when it is worth another try. */
export type Send = (topic: string, payload: string, done: () => void, again: () => void) => void;

const ALONE: Place = { name: '', others: [] };

interface Entry {
  latest: string;
  /** The payload that went out last on this connection. */
  sent: string | undefined;
  inFlight: boolean;
}

/**
 * The latest payload of each topic. While connected, at most one message a topic is on its way and only the newest waits
 * behind it: a slow broker costs no memory, and what is outdated is never sent.
 */
export class RetainedTopics {
  private readonly entries = new Map<string, Entry>();
  private readonly emptied = new EmptiedTopics();
  private broker = ALONE;
  private send: Send | undefined;
  private waiting: Array<() => void> = [];
  /** By topic. */
  private readonly waitingFor = new Map<string, Array<() => void>>();
  /** Senders that have yet to say what else is to be sent. */
  private readonly awaited = new Set<object>();

  /** An empty payload empties the topic, and is forgotten once the broker has taken it, and each other that we come to. */
  set(topic: string, payload: string): void {
    if (payload !== '') this.emptied.forget(topic);
    const entry = this.entries.get(topic);
    if (entry === undefined) this.entries.set(topic, { latest: payload, sent: undefined, inFlight: false });
    else entry.latest = payload;
    this.flush(topic);
  }

  /** Forgets the topic, and leaves it at the broker as it is. */
  drop(topic: string): void {
    this.entries.delete(topic);
    this.emptied.forget(topic);
  }

  /** Does not empty it at any other broker. */
  leave(topic: string): void {
    this.emptied.forget(topic);
  }

  /** Calls once when the broker has taken, or refused, everything. */
  onceDelivered(action: () => void): void {
    this.waiting.push(action);
    this.runWhenDelivered();
  }

  /** True once the broker has taken, or refused, the latest payload of the topic; also where there is none. */
  isTaken(topic: string): boolean {
    const entry = this.entries.get(topic);
    return entry === undefined || (this.send !== undefined && isDelivered(entry));
  }

  /** Calls once when it is; not before somebody has set the topic. */
  onceTaken(topic: string, action: () => void): void {
    this.waitingFor.set(topic, [...(this.waitingFor.get(topic) ?? []), action]);
  }

  /** Until the returned function is called, nothing counts as all of it. */
  awaitMore(): () => void {
    const source = {};
    this.awaited.add(source);
    return () => {
      if (this.awaited.delete(source)) this.runWhenDelivered();
    };
  }

  /** Sends one topic's payload again: somebody else has overwritten it. */
  renew(topic: string): void {
    const entry = this.entries.get(topic);
    if (entry !== undefined) entry.sent = undefined;
    this.flush(topic);
  }

  opened(send: Send, broker: Place = ALONE): void {
    this.broker = broker;
    this.send = send;
    for (const topic of this.emptied.dueAt(broker.name))
      this.entries.set(topic, { latest: '', sent: undefined, inFlight: false });
    this.resend();
  }

  /** Sends every topic's latest payload again. */
  resend(): void {
    for (const [topic, entry] of [...this.entries]) {
      entry.sent = undefined;
      this.flush(topic);
    }
  }

  closed(): void {
    this.send = undefined;
    for (const entry of this.entries.values()) {
      entry.sent = undefined;
      entry.inFlight = false;
    }
  }

  private flush(topic: string): void {
    const entry = this.entries.get(topic);
    const send = this.send;
    if (entry === undefined || send === undefined || entry.inFlight || entry.sent === entry.latest) return;
    const payload = entry.latest;
    entry.sent = payload;
    entry.inFlight = true;
    const done = (): void => {
      if (this.send !== send) return;
      entry.inFlight = false;
      if (payload === '' && entry.latest === '') this.isEmptied(topic);
      else this.flush(topic);
      if (this.isTaken(topic)) this.runWhenTaken(topic);
      this.runWhenDelivered();
    };
    send(topic, payload, done, () => this.renew(topic));
  }

  private isEmptied(topic: string): void {
    this.entries.delete(topic);
    this.emptied.emptied(topic, this.broker.name, this.broker.others);
  }

  private runWhenTaken(topic: string): void {
    const actions = this.waitingFor.get(topic) ?? [];
    this.waitingFor.delete(topic);
    for (const action of actions) action();
  }

  private runWhenDelivered(): void {
    const delivered = Array.from(this.entries.values()).every(isDelivered);
    if (this.send === undefined || !delivered || this.awaited.size > 0) return;
    for (const action of this.waiting.splice(0)) action();
  }
}

function isDelivered({ inFlight, sent, latest }: Entry): boolean {
  return !inFlight && sent === latest;
}
