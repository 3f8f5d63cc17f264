import type { Reading } from '../readings/reading.ts';
import type { Logger } from '../shared/logger.ts';

/** Logs a meter's alarms when they begin and when they are over, not at each reading. */
export class AlarmLog {
  private readonly name: string;
  private readonly logger: Logger;
  private serialNumber: string | undefined;
  private message: string | undefined;
  /** The cause of each quantity that is unknown. */
  private readonly causes = new Map<string, string>();

  constructor(name: string, logger: Logger) {
    this.name = name;
    this.logger = logger;
  }

  report(serialNumber: string, fresh: readonly Reading[]): void {
    if (serialNumber !== this.serialNumber) this.startOver(serialNumber);
    this.reportMessage(fresh);
    // Derived quantities are often unknown for a while, and nobody can put that right.
    this.reportUnknown(fresh.filter(({ register }) => register !== null));
  }

  private startOver(serialNumber: string): void {
    this.serialNumber = serialNumber;
    this.message = undefined;
    this.causes.clear();
  }

  private reportMessage(fresh: readonly Reading[]): void {
    const text = fresh.find(({ nature }) => nature === 'message')?.value.value;
    if (typeof text !== 'string' || text === this.message) return;
    const isWell = fresh.every(({ nature, register, value }) =>
      nature === 'problem' ? value.value === false : register === null || value.kind !== 'unknown',
    );
    // Without any list of problems, only the text tells whether all is well.
    const isNews = this.message !== undefined || !fresh.some(({ nature }) => nature === 'problem');
    this.message = text;
    if (!isWell) this.logger.warn(`${this.name}: the meter reports: ${text}`);
    else if (isNews) this.logger.info(`${this.name}: the meter reports: ${text}`);
  }

  private reportUnknown(fresh: readonly Reading[]): void {
    const known = new Set(this.causes.values());
    const labels = new Map<string, string[]>();
    for (const { quantity, label, value } of fresh) {
      if (value.kind !== 'unknown') {
        this.causes.delete(quantity);
        continue;
      }
      this.causes.set(quantity, value.cause);
      if (!known.has(value.cause)) labels.set(value.cause, [...(labels.get(value.cause) ?? []), label]);
    }
    for (const [cause, unknown] of labels)
      this.logger.warn(`${this.name}: unknown until it is put right: ${unknown.join(', ')} (${cause})`);
  }
}
