import type { WireBytes } from '../kmp/bytes.ts';
import { START_FROM_METER } from '../kmp/control-bytes.ts';
import { encodeFrame } from '../kmp/frame.ts';
import type { ReaderItem } from '../kmp/frame-reader.ts';
import { decodeMessage } from '../kmp/message.ts';
import type { MeterRequest } from './meter-request.ts';
import { addObservations, NOTHING_SEEN, type Observation } from './observation.ts';
import type { Timing } from './timing.ts';

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
  /** When the meter began to answer; its waking window counts from there. */
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

  /** When to give up if nothing more arrives. */
  get deadline(): number {
    return this.waitUntil;
  }

  get seen(): Observation {
    return this.observed;
  }

  /** `insideReply`: after these items a frame of the meter has begun and not ended. */
  receive(byteCount: number, items: readonly ReaderItem[], insideReply: boolean, now: number): void {
    this.observe({ bytes: byteCount });
    for (const item of items) this.take(item, now);
    if (insideReply) this.extendWait(now);
  }

  private take(item: ReaderItem, now: number): void {
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

  /** Cut or spoilt on its way; noise rarely begins with both of these bytes. */
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
    const longest = this.receivingSince + LONGEST_REPLY * byteTime + allowance;
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
