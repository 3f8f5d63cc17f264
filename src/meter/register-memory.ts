import { decodeRegisterRecords, encodeRegisterRecord, type RegisterRecord } from '../kmp/register.ts';
import type { Clock } from '../shared/clock.ts';

/** A register as the meter sent it last. */
export interface HeardRegister {
  readonly record: RegisterRecord;
  readonly readAt: number;
}

/** A whole reply in one text, which takes a byte for a byte: there may be a thousand meters. */
interface Reply {
  readonly text: string;
  readonly readAt: number;
}

/** Of what a meter has, some hundred; a person may ask for any other. */
const MOST = 300;

/** The last answer for each register, as bytes, for who wants to see them. */
export class RegisterMemory {
  private readonly clock: Pick<Clock, 'now'>;
  private readonly byId = new Map<number, Reply>();

  constructor(clock: Pick<Clock, 'now'>) {
    this.clock = clock;
  }

  get all(): readonly HeardRegister[] {
    const replies = new Set(this.byId.values());
    return Array.from(replies, (reply) => {
      const records = decodeRegisterRecords(Uint8Array.from(Buffer.from(reply.text, 'latin1'))) ?? [];
      const current = records.filter(({ id }) => this.byId.get(id) === reply);
      return current.map((record) => ({ record, readAt: reply.readAt }));
    }).flat();
  }

  heard(records: readonly RegisterRecord[]): void {
    const text = Buffer.from(records.flatMap(encodeRegisterRecord)).toString('latin1');
    const reply = { text, readAt: this.clock.now() };
    for (const { id } of records) {
      this.byId.delete(id);
      this.byId.set(id, reply);
    }
    for (const id of [...this.byId.keys()].slice(0, Math.max(0, this.byId.size - MOST))) this.byId.delete(id);
  }

  /** Another meter answers now. */
  forget(): void {
    this.byId.clear();
  }
}
