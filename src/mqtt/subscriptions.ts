export type MessageListener = (payload: string, retained: boolean) => void;

/** Who listens to which topic. Exact topics only, no wildcards. */
export class Subscriptions {
  private readonly listeners = new Map<string, Set<MessageListener>>();

  get topics(): readonly string[] {
    return [...this.listeners.keys()];
  }

  /** True when the topic had no listener before. */
  add(topic: string, listener: MessageListener): boolean {
    const existing = this.listeners.get(topic);
    if (existing === undefined) this.listeners.set(topic, new Set([listener]));
    else existing.add(listener);
    return existing === undefined;
  }

  /** True when that was the topic's last listener. */
  remove(topic: string, listener: MessageListener): boolean {
    const existing = this.listeners.get(topic);
    if (existing === undefined || !existing.delete(listener) || existing.size > 0) return false;
    return this.listeners.delete(topic);
  }

  /** `failed`: a listener threw; the others are called all the same. */
  deliver(topic: string, payload: string, retained: boolean, failed: (error: unknown) => void): void {
    for (const listener of [...(this.listeners.get(topic) ?? [])]) {
      try {
        listener(payload, retained);
      } catch (error) {
        failed(error);
      }
    }
  }
}
