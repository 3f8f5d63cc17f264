import { type MeterType, MOST_REGISTERS } from '../kmp/messages.ts';
import type { RegisterRecord } from '../kmp/register.ts';
import { hasCode } from '../shared/errors.ts';
import { AGAIN } from './again.ts';
import { getRegisters, getSerialNo, getType, type MeterRequest } from './exchange.ts';
import type { Addressee, MeterSession } from './session.ts';

/** `preamble`: the old call at 300 baud goes before each reading. */
export type WakeUp = 'none' | 'preamble';

/**
 * A responsive meter has just answered something else: it is awake, and its silence on a request tells something of the
 * registers in it.
 */
export type Contact = 'first' | 'responsive';

/** The answer to a request for registers. */
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
  private readonly heard: (records: readonly RegisterRecord[]) => void;

  /** `heard`: told of all registers that come. */
  constructor(
    addressee: Addressee,
    wakeUp: WakeUp = 'none',
    heard: (records: readonly RegisterRecord[]) => void = () => {},
  ) {
    this.addressee = addressee;
    this.wakeUp = wakeUp;
    this.heard = heard;
  }

  /** Requests that stayed without a reply that fits, since the program was started. */
  get failedTries(): number {
    return this.addressee.counters.timeouts;
  }

  /** To be called before a reading. */
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
      return await session.request(getType, this.addressee, AGAIN.singleTry);
    } catch (error) {
      if (hasCode(error, 'no-answer')) return null;
      throw error;
    }
  }

  /**
   * Reads any number of registers, eight a request, one after the other within the meter's waking window. Yields after
   * each request, so that what was read is not lost when a later one fails.
   */
  async *registers(
    session: MeterSession,
    ids: readonly number[],
    contact: Contact = 'first',
  ): AsyncGenerator<RegisterBatch> {
    let current = contact;
    for (let start = 0; start < ids.length; start += MOST_REGISTERS) {
      const asked = ids.slice(start, start + MOST_REGISTERS);
      try {
        yield await this.batch(session, asked);
      } catch (error) {
        if (current === 'first' || !hasCode(error, 'no-answer')) throw error;
        yield* this.oneByOne(session, asked);
      }
      current = 'responsive';
    }
  }

  /**
   * An empty reply fits every request, also that of another program on this line, or an earlier one of ours: it is
   * believed when it comes again.
   */
  private async batch(session: MeterSession, asked: readonly number[]): Promise<RegisterBatch> {
    let records: readonly RegisterRecord[] = [];
    for (let reply = 0; reply < AGAIN.emptyReplies && records.length === 0; reply++)
      records = await this.ask(session, getRegisters(asked));
    this.heard(records);
    const answered = new Set(records.map(({ id }) => id));
    return { records, absent: asked.filter((id) => !answered.has(id)), silent: [] };
  }

  /** Some meters fall silent on a register that they do not know: asked one at a time it hides no other. */
  private async *oneByOne(session: MeterSession, asked: readonly number[]): AsyncGenerator<RegisterBatch> {
    // Still there? A meter that fell asleep has said nothing about its registers.
    await session.request(getSerialNo, this.addressee, AGAIN.singleTry);
    if (asked.length === 1) yield { records: [], absent: [], silent: asked };
    else for (const id of asked) yield* this.registers(session, [id], 'responsive');
  }

  private ask<Reply>(session: MeterSession, request: MeterRequest<Reply>): Promise<Reply> {
    return session.request(request, this.addressee);
  }
}
