import type { Logger } from '../log/logger.ts';

export interface RefusalsOptions {
  /** Where to and what, for messages: `InfluxDB`, `point`. */
  readonly label: string;
  readonly noun: string;
  /** What to do about it. */
  readonly advice: string;
  /** Where it is set aside. */
  readonly path: string;
  readonly logger: Logger;
}

/** What a server refuses for good, by the kind of text. It stays a problem until one of that kind is taken again. */
export class Refusals {
  private readonly options: RefusalsOptions;
  private readonly reasons = new Map<string, string>();

  constructor(options: RefusalsOptions) {
    this.options = options;
  }

  /** In words; null while all is well. */
  get problem(): string | null {
    const [reason] = this.reasons.values();
    return reason === undefined ? null : this.sentences(reason);
  }

  /** Said once, however many there are: the count is in the health. */
  refused(kind: string, reason: string): void {
    if (this.reasons.get(kind) === reason) return;
    this.reasons.set(kind, reason);
    this.options.logger.error(`${this.options.label}: ${this.sentences(reason)}`);
  }

  taken(kinds: readonly string[]): void {
    const { label, noun, logger } = this.options;
    for (const kind of kinds)
      if (this.reasons.delete(kind)) logger.info(`${label}: such a ${noun} is taken again`);
  }

  private sentences(reason: string): string {
    const { noun, advice, path } = this.options;
    return `A ${noun} is refused for good: ${reason}. Such ones are set aside in ${path}. ${advice}`;
  }
}
