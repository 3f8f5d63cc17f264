import { MOST_REGISTERS } from '../kmp/commands/get-register.ts';
import type { MeterType } from '../kmp/commands/get-type.ts';
import type { RegisterRecord } from '../kmp/register-record.ts';
import { hasCode } from '../shared/errors.ts';
import { getRegisters, getSerialNo, getType, type MeterRequest } from './meter-request.ts';
import type { Addressee, MeterSession } from './meter-session.ts';

export type { MeterType };

/** `preamble`: the old call at 300 baud goes before each reading. */
export type WakeUp = 'none' | 'preamble';

/** Registers asked for, and what came of it. */
export interface RegisterBatch {
  readonly records: readonly RegisterRecord[];
  /** Asked for and left out by the meter: it does not have them. */
  readonly absent: readonly number[];
}

/** The commands of one meter. Throws what the session throws. */
export class MeterClient {
  private readonly addressee: Addressee;
  private readonly wakeUp: WakeUp;

  constructor(addressee: Addressee, wakeUp: WakeUp = 'none') {
    this.addressee = addressee;
    this.wakeUp = wakeUp;
  }

  /** What this meter needs before it listens; to be called before a reading. */
  async wake(session: MeterSession): Promise<void> {
    if (this.wakeUp === 'preamble') await session.callAwake(this.addressee);
  }

  /** The printed number, 8 digits decimal; it is the meter's identity. */
  async serialNumber(session: MeterSession): Promise<string> {
    return String(await this.ask(session, getSerialNo));
  }

  /** Null where the meter does not answer the command. Asked once only: silence is the way to say no. */
  async type(session: MeterSession): Promise<MeterType | null> {
    try {
      return await session.request(getType, this.addressee, 1);
    } catch (error) {
      if (hasCode(error, 'no-answer')) return null;
      throw error;
    }
  }

  /**
   * Reads any number of registers, eight a request, one after the other within the meter's waking window. Yields after
   * each request, so that what was read is not lost when a later one fails.
   */
  async *registers(session: MeterSession, ids: readonly number[]): AsyncGenerator<RegisterBatch> {
    for (let start = 0; start < ids.length; start += MOST_REGISTERS) {
      const asked = ids.slice(start, start + MOST_REGISTERS);
      const records = await this.ask(session, getRegisters(asked));
      const answered = new Set(records.map(({ id }) => id));
      yield { records, absent: asked.filter((id) => !answered.has(id)) };
    }
  }

  private ask<Reply>(session: MeterSession, request: MeterRequest<Reply>): Promise<Reply> {
    return session.request(request, this.addressee);
  }
}
