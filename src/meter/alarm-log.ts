import type { Reading } from '../readings/reading.ts';
import type { Deps } from '../shared/deps.ts';
import { Repeats } from '../shared/repeats.ts';
import { Trouble } from '../shared/trouble.ts';

/** Logs a meter's alarms when they begin and when they are over, not at each reading. */
export class AlarmLog {
  private readonly name: string;
  /** An alarm may come and go with each reading. */
  private readonly alarm: Trouble;
  private readonly logger: Deps['logger'];
  private readonly unknown: Repeats;
  private serialNumber: string | undefined;
  private message: string | undefined;
  /** The cause of each quantity that is unknown. */
  private readonly causes = new Map<string, string>();
  /** Quantities of which it was said that there is no value. */
  private readonly without = new Set<string>();

  constructor(name: string, deps: Pick<Deps, 'clock' | 'logger'>) {
    this.name = name;
    this.logger = deps.logger;
    this.alarm = new Trouble(deps, { isState: true });
    this.unknown = new Repeats(deps);
  }

  report(serialNumber: string, fresh: readonly Reading[]): void {
    if (serialNumber !== this.serialNumber) this.startOver(serialNumber);
    this.reportMessage(fresh);
    // Derived quantities are often unknown for a while, and nobody can put that right.
    this.reportUnknown(fresh.filter(({ register }) => register !== null));
    this.reportNone(fresh);
  }

  stop(): void {
    this.alarm.stop();
  }

  private startOver(serialNumber: string): void {
    this.serialNumber = serialNumber;
    this.message = undefined;
    this.causes.clear();
    this.without.clear();
  }

  private reportMessage(fresh: readonly Reading[]): void {
    const text = fresh.find(({ nature }) => nature === 'message')?.value.value;
    if (typeof text !== 'string' || text === this.message) return;
    const isWell = fresh.every(({ nature, register, value }) =>
      nature === 'problem' ? value.value === false : register === null || !isFault(value),
    );
    // Without any list of problems, only the text tells whether all is well.
    const isNews = this.message !== undefined || !fresh.some(({ nature }) => nature === 'problem');
    this.message = text;
    const message = `${this.name}: the meter reports: ${text}`;
    if (!isWell) this.alarm.met('warn', message, `${this.serialNumber} ${text}`);
    else if (!this.alarm.over(() => message) && isNews) this.logger.info(message);
  }

  private reportUnknown(fresh: readonly Reading[]): void {
    const known = new Set(this.causes.values());
    const labels = new Map<string, string[]>();
    for (const { quantity, label, value } of fresh) {
      if (value.kind !== 'unknown' || value.inPlace !== undefined) {
        this.causes.delete(quantity);
        continue;
      }
      this.causes.set(quantity, value.cause);
      if (!known.has(value.cause)) labels.set(value.cause, [...(labels.get(value.cause) ?? []), label]);
    }
    for (const [cause, unknown] of labels)
      this.unknown.say(
        'warn',
        `${this.name}: unknown until it is put right: ${unknown.join(', ')} (${cause})`,
      );
  }

  /** Once a start and quantity: a meter without such a sensor never has a value. */
  private reportNone(fresh: readonly Reading[]): void {
    const labels = new Map<string, string[]>();
    for (const { quantity, label, value } of fresh) {
      if (value.kind !== 'unknown' || value.inPlace === undefined || this.without.has(quantity)) continue;
      this.without.add(quantity);
      labels.set(value.inPlace, [...(labels.get(value.inPlace) ?? []), label]);
    }
    for (const [inPlace, without] of labels)
      this.logger.info(
        `${this.name}: no value of ${without.join(', ')}: the meter sends ${inPlace}, which stands for none`,
      );
  }
}

/** In contrast to a number that the meter does not have. */
function isFault(value: Reading['value']): boolean {
  return value.kind === 'unknown' && value.inPlace === undefined;
}
