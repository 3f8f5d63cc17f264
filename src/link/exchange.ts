import { ADVICE_FOR_ANY } from '../catalogue/eyes.ts';
import type { ApplicationBytes, WireBytes } from '../kmp/bytes.ts';
import { encodeFrame, type ReaderItem, START_FROM_METER } from '../kmp/frame.ts';
import {
  decodeMessage,
  encodeGetRegisterRequest,
  encodeGetSerialNoRequest,
  encodeGetTypeRequest,
  type Message,
  type MeterType,
} from '../kmp/messages.ts';
import type { RegisterRecord } from '../kmp/register.ts';
import type { Timing } from './timing.ts';

/** A request and what counts as its reply. */
export interface MeterRequest<Reply> {
  readonly application: ApplicationBytes;
  /** Bytes on the wire; default: those of a reply to GetRegister. A line that goes on for longer is not waited for. */
  readonly longestReply?: number;
  /** Undefined for a message that is no reply to this very request, however valid it is. */
  accept(message: Message): Reply | undefined;
}

export const getType: MeterRequest<MeterType> = {
  application: encodeGetTypeRequest(),
  accept: (message) => (message.kind === 'type' ? message : undefined),
};

export const getSerialNo: MeterRequest<number> = {
  application: encodeGetSerialNoRequest(),
  accept: (message) => (message.kind === 'serial-no' ? message.serialNumber : undefined),
};

/**
 * Registers that the meter does not have are missing from the reply, which may be empty. A register that was not
 * asked for, or one that comes twice, shows that the reply belongs to another request.
 */
export function getRegisters(ids: readonly number[]): MeterRequest<readonly RegisterRecord[]> {
  return {
    application: encodeGetRegisterRequest(ids),
    accept(message) {
      if (message.kind !== 'registers') return undefined;
      const answered = new Set(message.records.map(({ id }) => id));
      const fits =
        answered.size === message.records.length && message.records.every(({ id }) => ids.includes(id));
      return fits ? message.records : undefined;
    },
  };
}

/** Counts of what was on the line during a wait: they tell a misplaced head, a sleeping eye and a bad contact apart. */
export interface Observation {
  readonly bytes: number;
  readonly echoes: number;
  /** Replies of our meter that were cut or had a wrong checksum. */
  readonly damagedReplies: number;
  /** Bytes that were part of no frame and no echo; a lone 00, which a meter may send unasked, is none of them. */
  readonly discardedBytes: number;
  /** Valid frames that were no reply to our request: late ones, another meter's, another master's. */
  readonly foreignFrames: number;
  /** Replies that came sooner than the line can carry them. */
  readonly earlyReplies: number;
}

export const NOTHING_SEEN: Observation = {
  bytes: 0,
  echoes: 0,
  damagedReplies: 0,
  discardedBytes: 0,
  foreignFrames: 0,
  earlyReplies: 0,
};

export function addObservations(a: Observation, b: Observation): Observation {
  return {
    bytes: a.bytes + b.bytes,
    echoes: a.echoes + b.echoes,
    damagedReplies: a.damagedReplies + b.damagedReplies,
    discardedBytes: a.discardedBytes + b.discardedBytes,
    foreignFrames: a.foreignFrames + b.foreignFrames,
    earlyReplies: a.earlyReplies + b.earlyReplies,
  };
}

/** Explains the observation to a person who stands before the meter. `wakeAdvice`: for its own family. */
export function explainSilence(seen: Observation, wakeAdvice: string = ADVICE_FOR_ANY): string {
  if (seen.damagedReplies > 0) {
    return 'The meter answers, but its bytes arrive damaged: move the head a little, press it flat, keep bright light away.';
  }
  if (seen.earlyReplies > 0) {
    return 'Replies came sooner than this line speed allows: they are late ones out of some buffer, or the gateway talks to the meter faster than 1200 baud. Set both to the same speed.';
  }
  if (seen.foreignFrames > 0) {
    return 'Valid frames arrived, but none was the reply to our request: is another program or another meter on this line?';
  }
  if (seen.bytes === 0) {
    return `Nothing at all was received: check the cable, the port and where the head sits. ${wakeAdvice}.`;
  }
  if (seen.discardedBytes === 0) {
    return `Only the echo of our own request was received: the meter does not see the head, or its eye sleeps. Move or turn the head. ${wakeAdvice}.`;
  }
  return 'Bytes arrived that are no reply of a meter: move the head a little, keep bright light away, and check that it is the right port.';
}

/** GetRegister with eight registers of 16 bytes, every byte stuffed. */
const LONGEST_REPLY = 2 * (1 + 1 + 8 * (5 + 16) + 2) + 2;
/** One stop bit in place of two, and the grain of timers. */
const FASTEST_LINE = 0.88;

/**
 * One request and the wait for its reply, without timers and without I/O: whoever drives it says what time it is.
 *
 *   request ──▶ waiting ──first byte of a reply──▶ receiving ──▶ reply
 *                  │ firstByte + allowance             │ gap + allowance
 *                  └──────────────▶ over ◀─────────────┘
 *
 * A damaged or foreign frame does not end the wait, because the true reply may follow noise that looked like a frame.
 */
export class Exchange<Reply> {
  readonly wire: WireBytes;
  reply: Reply | undefined;
  /** The meter stays awake for a while, counted from here. */
  replyBeganAt: number | undefined;
  private receivingSince: number | undefined;
  private readonly request: MeterRequest<Reply>;
  private readonly destination: number;
  private readonly timing: Timing;
  private readonly startedAt: number;
  private waitUntil: number;
  private observed: Observation = NOTHING_SEEN;

  constructor(request: MeterRequest<Reply>, destination: number, timing: Timing, now: number) {
    this.request = request;
    this.destination = destination;
    this.timing = timing;
    this.wire = encodeFrame({ direction: 'to-meter', destination, application: request.application });
    this.startedAt = now;
    this.waitUntil = now + this.wire.length * timing.byteTime + timing.firstByte + timing.allowance;
  }

  /** The wait is over then if nothing more arrives. */
  get deadline(): number {
    return this.waitUntil;
  }

  get seen(): Observation {
    return this.observed;
  }

  /** `insideReply`: after these items a frame of the meter has begun and not ended. */
  receive(byteCount: number, items: readonly ReaderItem[], insideReply: boolean, now: number): void {
    this.observe({ bytes: byteCount });
    for (const item of items) this.handle(item, now);
    if (insideReply) this.extendWait(now);
  }

  private handle(item: ReaderItem, now: number): void {
    switch (item.kind) {
      case 'echo':
        this.observe({ echoes: 1 });
        break;
      case 'ack':
        this.observe({ discardedBytes: 1 });
        break;
      case 'discarded':
        this.observe({
          discardedBytes: isLoneZero(item.bytes) ? 0 : item.bytes.length,
          damagedReplies: this.beginsAsReply(item.bytes) ? 1 : 0,
        });
        break;
      case 'frame': {
        const { frame, wire } = item;
        const mayBeReply = frame.direction === 'from-meter' && frame.destination === this.destination;
        const reply = mayBeReply ? this.request.accept(decodeMessage(frame)) : undefined;
        if (reply === undefined) this.observe({ foreignFrames: 1 });
        else if (!this.possibleBy(wire, now)) this.observe({ earlyReplies: 1 });
        else this.accept(reply, wire, now);
      }
    }
  }

  /** A reply that was cut or spoilt on its way; noise rarely begins with both of these bytes. */
  private beginsAsReply(bytes: Uint8Array): boolean {
    return bytes[0] === START_FROM_METER && bytes[1] === this.destination;
  }

  /**
   * A frame that is complete before our request and its own bytes can have crossed the wire was on its way before we
   * asked: a late reply out of some buffer, whatever registers it holds.
   */
  private possibleBy(wire: WireBytes, now: number): boolean {
    const lineTime = (this.wire.length + wire.length) * this.timing.byteTime;
    return now - this.startedAt >= lineTime * FASTEST_LINE;
  }

  private accept(reply: Reply, wire: WireBytes, now: number): void {
    this.reply ??= reply;
    this.replyBeganAt ??= now - wire.length * this.timing.byteTime;
  }

  private extendWait(now: number): void {
    this.receivingSince ??= now;
    const { allowance, byteTime, gap } = this.timing;
    const { longestReply = LONGEST_REPLY } = this.request;
    const longest = this.receivingSince + longestReply * byteTime + allowance;
    this.waitUntil = Math.max(this.waitUntil, Math.min(now + gap + allowance, longest));
  }

  private observe(more: Partial<Observation>): void {
    this.observed = addObservations(this.observed, { ...NOTHING_SEEN, ...more });
  }
}

/** A meter may send it unasked (5512-447 section 2). */
function isLoneZero(bytes: Uint8Array): boolean {
  return bytes.length === 1 && bytes[0] === 0;
}
