/** What a key may hold. The messages are ours, because convict's print whole values, secrets included. */
export interface ValueKind {
  /** From the text of an environment variable or an option; text that makes no sense comes back as it is. */
  read(text: string): unknown;
  /** An object in the file as a value that can be laid over others; without this, objects are refused. */
  fromObject?(value: object): unknown;
  /** What is wrong with a value and what is allowed, on one line; null: nothing. */
  fault(value: unknown): string | null;
}
