/** Topics that were emptied at one of several brokers and may still hold something at the others. */
export class EmptiedTopics {
  /** Where each is still to be emptied. */
  private readonly due = new Map<string, Set<string>>();

  /** `others`: all brokers but the one that has just taken it. */
  emptied(topic: string, broker: string, others: readonly string[]): void {
    const due = this.due.get(topic) ?? new Set(others);
    due.delete(broker);
    if (due.size === 0) this.due.delete(topic);
    else this.due.set(topic, due);
  }

  /** It has, or is to have, a content again, perhaps somebody else's. */
  forget(topic: string): void {
    this.due.delete(topic);
  }

  dueAt(broker: string): readonly string[] {
    return Array.from(this.due).flatMap(([topic, due]) => (due.has(broker) ? [topic] : []));
  }
}
