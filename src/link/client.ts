import { type MeterType, MOST_REGISTERS } from '../kmp/messages.ts';
import type { RegisterRecord } from '../kmp/register-record.ts';
import { hasCode } from '../shared/errors.ts';
import { getRegisters, getSerialNo, getType, type MeterRequest } from './exchange.ts';
import type { Addressee, MeterSession } from './session.ts';

/** `preamble`: the old call at 300 baud goes before each reading. */
export type WakeUp = 'none' | 'preamble';

/** Registers asked for, and what came of it. */
export interface RegisterBatch {
  readonly records: readonly RegisterRecord[];
  /** Asked for and left out by the meter: it does not have them. */
  readonly absent: readonly number[];
  /** The meter fell silent on these, while it answered everything else. */
  readonly silent: readonly number[];
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
   * each request, so that what was read is not lost when a later one fails. `heard`: the meter has just answered
   * something else, so that its silence on a request tells something of its registers.
   */
  async *registers(
    session: MeterSession,
    ids: readonly number[],
    heard = false,
  ): AsyncGenerator<RegisterBatch> {
    let answered = heard;
    for (let start = 0; start < ids.length; start += MOST_REGISTERS) {
      const asked = ids.slice(start, start + MOST_REGISTERS);
      try {
        yield await this.batch(session, asked);
      } catch (error) {
        if (!answered || !hasCode(error, 'no-answer')) throw error;
        yield* this.oneByOne(session, asked);
      }
      answered = true;
    }
  }

  /**
   * An empty reply fits every request, also that of another program on this line, or an earlier one of ours: it is
   * believed when it comes twice.
   */
  private async batch(session: MeterSession, asked: readonly number[]): Promise<RegisterBatch> {
    const first = await this.ask(session, getRegisters(asked));
    const records = first.length > 0 ? first : await this.ask(session, getRegisters(asked));
    const answered = new Set(records.map(({ id }) => id));
    return { records, absent: asked.filter((id) => !answered.has(id)), silent: [] };
  }

  /** Some meters fall silent on a register that they do not know: then one at a time, so that it hides no other. */
  private async *oneByOne(session: MeterSession, asked: readonly number[]): AsyncGenerator<RegisterBatch> {
    // Still there? A meter that fell asleep has said nothing about its registers.
    await session.request(getSerialNo, this.addressee, 1);
    if (asked.length === 1) yield { records: [], absent: [], silent: asked };
    else for (const id of asked) yield* this.registers(session, [id], true);
  }

  private ask<Reply>(session: MeterSession, request: MeterRequest<Reply>): Promise<Reply> {
    return session.request(request, this.addressee);
  }
}
