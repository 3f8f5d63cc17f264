/** Sends one payload; `done` once the broker has taken it (undefined) or refused it. */
export type Send = (topic: string, payload: string, done: (error: unknown) => void) => void;

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
  private readonly refused: (topic: string, error: unknown) => void;
  private send: Send | undefined;
  private waiting: Array<() => void> = [];
  /** Senders that have yet to say what else is to be sent. */
  private readonly awaited = new Set<object>();

  constructor(refused: (topic: string, error: unknown) => void) {
    this.refused = refused;
  }

  /** An empty payload empties the topic, and is forgotten once the broker has taken it. */
  set(topic: string, payload: string): void {
    const entry = this.entries.get(topic);
    if (entry === undefined) this.entries.set(topic, { latest: payload, sent: undefined, inFlight: false });
    else entry.latest = payload;
    this.flush(topic);
  }

  /** Calls once when the broker has taken, or refused, everything. */
  onceDelivered(action: () => void): void {
    this.waiting.push(action);
    this.runWhenDelivered();
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

  opened(send: Send): void {
    this.send = send;
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
    send(topic, payload, (error) => {
      if (this.send !== send) return;
      entry.inFlight = false;
      if (error !== undefined) this.refused(topic, error);
      if (payload === '' && entry.latest === '') this.entries.delete(topic);
      else this.flush(topic);
      this.runWhenDelivered();
    });
  }

  private runWhenDelivered(): void {
    const entries = Array.from(this.entries.values());
    const delivered = entries.every(({ inFlight, sent, latest }) => !inFlight && sent === latest);
    if (this.send === undefined || !delivered || this.awaited.size > 0) return;
    for (const action of this.waiting.splice(0)) action();
  }
}
