import { createRedactor } from './redactor.ts';

/** What must not be seen in any log or page. Grows while the program runs: a broker's password may come later. */
export class Secrets {
  private readonly known: Set<string>;
  private redact: (text: string) => string;

  constructor(known: readonly string[] = []) {
    this.known = new Set(known);
    this.redact = createRedactor(known);
  }

  add(secret: string): void {
    if (this.known.has(secret)) return;
    this.known.add(secret);
    this.redact = createRedactor([...this.known]);
  }

  hideIn(text: string): string {
    return this.redact(text);
  }

  /** The same value, with every text in it treated so; it holds plain data only. */
  hideInAll<T>(value: T): T {
    return this.treat(value) as T;
  }

  private treat(value: unknown): unknown {
    if (typeof value === 'string') return this.redact(value);
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map((item) => this.treat(item));
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.treat(item)]));
  }
}
