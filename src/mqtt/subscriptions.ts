export type MessageListener = (payload: string, retained: boolean, topic: string) => void;

/**
 * Listeners by topic; `+` stands for any one level. Where two filters overlap, a broker may hand out a message
 * once or once for each of them (MQTT 3.1.1, section 3.3.5): whoever listens to both may get it twice.
 */
export class Subscriptions {
  private readonly listeners = new Map<string, Set<MessageListener>>();

  get filters(): readonly string[] {
    return [...this.listeners.keys()];
  }

  /** True when the filter had no listener before. */
  add(filter: string, listener: MessageListener): boolean {
    const existing = this.listeners.get(filter);
    if (existing === undefined) this.listeners.set(filter, new Set([listener]));
    else existing.add(listener);
    return existing === undefined;
  }

  /** True when that was the filter's last listener. */
  remove(filter: string, listener: MessageListener): boolean {
    const existing = this.listeners.get(filter);
    if (existing === undefined || !existing.delete(listener) || existing.size > 0) return false;
    return this.listeners.delete(filter);
  }

  /** `failed`: a listener threw; the others are called all the same. */
  deliver(topic: string, payload: string, retained: boolean, failed: (error: unknown) => void): void {
    const levels = topic.split('/');
    const meant = [...this.listeners].filter(([filter]) => filter === topic || matches(filter, levels));
    for (const listener of meant.flatMap(([, listeners]) => [...listeners])) {
      try {
        listener(payload, retained, topic);
      } catch (error) {
        failed(error);
      }
    }
  }
}

function matches(filter: string, levels: readonly string[]): boolean {
  if (!filter.includes('+')) return false;
  const wanted = filter.split('/');
  return wanted.length === levels.length && wanted.every((each, at) => each === '+' || each === levels[at]);
}
