import type { RetainedTopics } from './retained-topics.ts';
import type { MessageListener } from './subscriptions.ts';

/** The topic that says `online` while we are connected. Without one we only listen. */
export class OnlineTopic {
  private topic: string | undefined;
  private readonly retained: RetainedTopics;
  private readonly subscribe: (filter: string, listener: MessageListener) => () => void;
  private unsubscribe: () => void = () => {};

  constructor(
    topic: string | undefined,
    retained: RetainedTopics,
    subscribe: (filter: string, listener: MessageListener) => () => void,
  ) {
    this.topic = topic;
    this.retained = retained;
    this.subscribe = subscribe;
  }

  /** The broker's words for us when we vanish. */
  get will(): { readonly topic: string; readonly payload: string } | undefined {
    return this.topic === undefined ? undefined : { topic: this.topic, payload: 'offline' };
  }

  /**
   * Another instance that stops, or the late will of an earlier connection, may say `offline` in our name. Only that is
   * contradicted, never an `online`, so that two who share a topic do not chase each other.
   */
  start(): void {
    const { topic, retained } = this;
    if (topic === undefined) return;
    retained.set(topic, 'online');
    this.unsubscribe = this.subscribe(topic, (payload) => {
      if (payload === 'offline') retained.renew(topic);
    });
  }

  /** What the topic before says is left to others. */
  moveTo(topic: string): void {
    this.unsubscribe();
    if (this.topic !== undefined) this.retained.drop(this.topic);
    this.topic = topic;
    this.start();
  }
}
