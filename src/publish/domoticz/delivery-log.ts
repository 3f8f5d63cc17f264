import type { Logger } from '../../log/logger.ts';
import { sentenceOf } from '../../shared/errors.ts';

/** Says once when trouble begins, and once when it ends. */
export class DeliveryLog {
  private readonly logger: Logger;
  private trouble: string | undefined;
  /** Whether its end is to be said, because its beginning was. */
  private said = false;
  /** Device -> why it was refused. */
  private readonly refusals = new Map<number, string>();

  constructor(logger: Logger) {
    this.logger = logger;
  }

  /** In words; null while all is well. */
  get problem(): string | null {
    const [refusal] = this.refusals.values();
    return this.trouble ?? refusal ?? null;
  }

  /** `logged`: somebody else has said so. */
  away(problem: string, logged: boolean): void {
    if (problem === this.trouble) return;
    this.trouble = problem;
    if (logged) return;
    this.said = true;
    this.logger.warn(
      `Domoticz cannot be told. ${sentenceOf(problem)} Trying again until it works; meanwhile only the newest value of each device waits.`,
    );
  }

  /** It answers, whatever it says. */
  reached(): void {
    if (this.said) this.logger.info('Domoticz can be told again');
    this.trouble = undefined;
    this.said = false;
  }

  refused(key: string, index: number, why: string, logged: boolean): void {
    const known = this.refusals.has(index);
    const refusal = `The value of Domoticz device ${index} ("${key}") is refused: ${sentenceOf(why)}`;
    this.refusals.set(index, refusal);
    if (!known && !logged) this.logger.warn(`${refusal} It is tried again with the next reading.`);
  }

  taken(index: number): void {
    if (this.refusals.delete(index)) this.logger.info(`Domoticz device ${index} takes values now`);
  }
}
