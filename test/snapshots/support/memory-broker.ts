type Listener = (payload: string, retained: boolean, topic: string) => void;

interface Subscription {
  readonly filter: string;
  readonly listener: Listener;
}

/**
 * A connection to a broker, and the broker, in one object and without sockets: it takes everything at once, so that what
 * was published in which order does not depend on a network.
 */
export class MemoryBroker {
  /** Everything that was published, as `R` (retained) or `-`, topic and payload. */
  readonly messages: string[] = [];
  readonly held = new Map<string, string>();
  readonly connected = true;
  readonly clientId = 'multical2mqtt';
  readonly state = { connected: true, address: 'mqtt://broker', problem: undefined };
  private readonly subscriptions = new Set<Subscription>();

  publish(topic: string, payload: string): void {
    if (this.held.get(topic) === payload) return;
    this.take(topic, payload);
  }

  publishOnce(topic: string, payload: string, done: (error: unknown) => void = () => {}): void {
    this.take(topic, payload);
    queueMicrotask(() => done(undefined));
  }

  isTaken(): boolean {
    return true;
  }

  onceTaken(): void {}

  clear(topic: string): void {
    this.take(topic, '');
  }

  send(topic: string, payload: string, done: (error: unknown) => void): boolean {
    this.messages.push(`- ${topic} ${payload}`);
    queueMicrotask(() => done(undefined));
    return true;
  }

  onceDelivered(action: () => void): void {
    queueMicrotask(action);
  }

  awaitMore(): () => void {
    return () => {};
  }

  republish(): void {
    for (const [topic, payload] of this.held) this.messages.push(`R ${topic} ${payload}`);
  }

  subscribe(filter: string, listener: Listener): () => void {
    const subscription = { filter, listener };
    this.subscriptions.add(subscription);
    this.messages.push(`subscribed ${filter}`);
    queueMicrotask(() => {
      for (const [topic, payload] of this.held) if (matches(filter, topic)) listener(payload, true, topic);
    });
    return () => this.subscriptions.delete(subscription);
  }

  onConnected(): () => void {
    return () => {};
  }

  /** As another program does. */
  say(topic: string, payload: string): void {
    for (const { filter, listener } of this.subscriptions)
      if (matches(filter, topic)) listener(payload, false, topic);
  }

  private take(topic: string, payload: string): void {
    this.messages.push(`R ${topic} ${payload}`);
    if (payload === '') this.held.delete(topic);
    else this.held.set(topic, payload);
    queueMicrotask(() => this.say(topic, payload));
  }
}

function matches(filter: string, topic: string): boolean {
  const levels = topic.split('/');
  const wanted = filter.split('/');
  return wanted.length === levels.length && wanted.every((each, at) => each === '+' || each === levels[at]);
}
