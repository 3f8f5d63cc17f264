/** Those who want to hear of one event. What one of them throws keeps it from no other. */
export class Listeners {
  private readonly all = new Set<() => void>();
  private readonly failed: (error: unknown) => void;

  constructor(failed: (error: unknown) => void) {
    this.failed = failed;
  }

  /** The returned function ends it. */
  add(listener: () => void): () => void {
    this.all.add(listener);
    return () => this.all.delete(listener);
  }

  call(): void {
    for (const listener of [...this.all]) {
      try {
        listener();
      } catch (error) {
        this.failed(error);
      }
    }
  }
}
