import type { RegisterRecord } from '../kmp/register.ts';
import type { Clock } from '../shared/clock.ts';

/** A register as the meter sent it last. */
export interface HeardRegister {
  readonly record: RegisterRecord;
  readonly readAt: number;
}

/** Of what a meter has, some hundred; a person may ask for any other. */
const MOST = 300;

/** The last answer for each register, as bytes, for who wants to see them. */
export class RegisterMemory {
  private readonly clock: Pick<Clock, 'now'>;
  private readonly byId = new Map<number, HeardRegister>();

  constructor(clock: Pick<Clock, 'now'>) {
    this.clock = clock;
  }

  get all(): readonly HeardRegister[] {
    return [...this.byId.values()];
  }

  heard(records: readonly RegisterRecord[]): void {
    const readAt = this.clock.now();
    for (const record of records) {
      this.byId.delete(record.id);
      this.byId.set(record.id, { record, readAt });
    }
    for (const id of [...this.byId.keys()].slice(0, Math.max(0, this.byId.size - MOST))) this.byId.delete(id);
  }

  /** Another meter answers now. */
  forget(): void {
    this.byId.clear();
  }
}
