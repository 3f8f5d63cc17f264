import type { MqttConnection } from '../../../src/mqtt/connection.ts';
import { Refusals } from '../../../src/mqtt/refusals.ts';
import { RetainedTopics } from '../../../src/mqtt/retained-topics.ts';
import type { Clock } from '../../../src/shared/clock.ts';
import type { Message } from '../../mqtt/support/observer.ts';
import { CollectingLogger } from '../../support/collecting-logger.ts';

type Listener = (payload: string, retained: boolean, topic: string) => void;

/** Milliseconds until the broker confirms what it has taken. */
const CONFIRMED_AFTER = 20;

/**
 * A connection and its broker without sockets. The broker takes messages in the order in which they are sent, hands them
 * on, and confirms them a little later, as a real one does.
 */
export class StepByStepBroker {
  /** Everything that the broker has taken, in order. */
  readonly messages: Message[] = [];
  readonly connected = true;
  readonly refusals = new Refusals(new CollectingLogger());
  readonly state = { connected: true, address: 'mqtt://broker', problem: undefined };
  private readonly held: Map<string, string>;
  private readonly clock: Clock;
  private readonly retained = new RetainedTopics();
  private readonly subscriptions = new Set<readonly [filter: string, listener: Listener]>();

  /** `held`: what an earlier run has left. */
  constructor(clock: Clock, held: ReadonlyMap<string, string> = new Map()) {
    this.clock = clock;
    this.held = new Map(held);
    this.retained.opened((topic, payload, done) => this.take(topic, payload, done));
  }

  get connection(): MqttConnection {
    return this as unknown as MqttConnection;
  }

  publish(topic: string, payload: string): void {
    this.retained.set(topic, payload);
  }

  clear(topic: string): void {
    this.retained.set(topic, '');
  }

  isTaken(topic: string): boolean {
    return this.retained.isTaken(topic);
  }

  onceTaken(topic: string, action: () => void): void {
    this.retained.onceTaken(topic, action);
  }

  publishOnce(topic: string, payload: string, done: (error: unknown) => void = () => {}): void {
    this.take(topic, payload, done);
  }

  onConnected(): () => void {
    return () => {};
  }

  isAsking(): boolean {
    return false;
  }

  onMoved(): () => void {
    return () => {};
  }

  subscribe(filter: string, listener: Listener): () => void {
    const subscription = [filter, listener] as const;
    this.subscriptions.add(subscription);
    for (const [topic, payload] of this.held)
      if (matches(filter, topic)) this.clock.after(handOutTime(topic), () => listener(payload, true, topic));
    return () => this.subscriptions.delete(subscription);
  }

  private take(topic: string, payload: string, done: (error: unknown) => void): void {
    this.messages.push({ topic, payload, retained: false });
    if (payload === '') this.held.delete(topic);
    else this.held.set(topic, payload);
    for (const [filter, listener] of this.subscriptions)
      if (matches(filter, topic)) this.clock.after(1, () => listener(payload, false, topic));
    this.clock.after(CONFIRMED_AFTER, () => done(undefined));
  }
}

/** Topics come in any order: here what is announced comes before the states. */
function handOutTime(topic: string): number {
  return topic.startsWith('homeassistant/') ? 1 : 50;
}

function matches(filter: string, topic: string): boolean {
  const levels = topic.split('/');
  const wanted = filter.split('/');
  return wanted.length === levels.length && wanted.every((each, at) => each === '+' || each === levels[at]);
}
