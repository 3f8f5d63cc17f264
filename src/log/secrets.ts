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
}
