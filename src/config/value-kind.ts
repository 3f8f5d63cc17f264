/** What a key may hold. The messages are ours, because convict's print whole values, secrets included. */
export interface ValueKind {
  /** From the text of an environment variable or an option; text that makes no sense comes back as it is. */
  read(text: string): unknown;
  /** What is wrong with a value and what is allowed, on one line; null: nothing. */
  fault(value: unknown): string | null;
}
