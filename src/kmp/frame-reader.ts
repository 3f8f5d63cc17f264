import { sameBytes, type WireBytes, wireBytes } from './bytes.ts';
import {
  ACK,
  type Direction,
  decodeFrame,
  type Frame,
  type FrameFault,
  START_FROM_METER,
  START_TO_METER,
  STOP,
} from './frame.ts';

/**
 *   bytes in any chunks ──▶ idle ──40/80──▶ collecting ──0D──▶ frame | echo | discarded
 *                            │ 06 ▶ ack        │ 40/80: start anew, what was collected is discarded
 *                            └ other ▶ noise   └ too long: discarded
 *
 * Values never contain a raw 40 or 80 (they are stuffed), so every one of them is a safe place to start anew.
 */
export type ReaderItem =
  | { readonly kind: 'frame'; readonly frame: Frame; readonly wire: WireBytes }
  | { readonly kind: 'echo'; readonly wire: WireBytes }
  | { readonly kind: 'ack' }
  | {
      readonly kind: 'discarded';
      readonly bytes: Uint8Array;
      readonly reason: DiscardReason;
      /** The direction that its start byte announced; absent for noise between frames. */
      readonly direction?: Direction;
      readonly claimed?: Frame;
    };

export type DiscardReason = FrameFault | 'noise' | 'interrupted' | 'overlong';

/** The longest reply to eight registers is 344 bytes when every byte is stuffed; log replies may be longer. */
const LONGEST_WIRE_FRAME = 2048;

export class FrameReader {
  private collected: number[] = [];
  private collecting = false;
  private ownRequest: WireBytes | undefined;

  /** Makes it recognise the echo of `request` that an optical head throws back. */
  expectEcho(request: WireBytes): void {
    this.ownRequest = request;
  }

  /** The direction of the frame that has begun and not ended; undefined between frames. */
  get openFrame(): Direction | undefined {
    if (!this.collecting) return undefined;
    return this.collected[0] === START_TO_METER ? 'to-meter' : 'from-meter';
  }

  /** Accepts any bytes in any chunking; never throws. */
  push(chunk: Uint8Array): ReaderItem[] {
    const items: ReaderItem[] = [];
    for (const byte of chunk) this.pushByte(byte, items);
    if (!this.collecting) this.discard('noise', items);
    return items;
  }

  /** Ends a frame that will not be completed, for example after a silence. */
  flush(): ReaderItem[] {
    const items: ReaderItem[] = [];
    this.discard('interrupted', items);
    return items;
  }

  private pushByte(byte: number, items: ReaderItem[]): void {
    if (byte === START_FROM_METER || byte === START_TO_METER) {
      this.discard(this.collecting ? 'interrupted' : 'noise', items);
      this.collecting = true;
      this.collected.push(byte);
    } else if (this.collecting) {
      this.collected.push(byte);
      if (byte === STOP) this.complete(items);
      else if (this.collected.length >= LONGEST_WIRE_FRAME) this.discard('overlong', items);
    } else if (byte === ACK) {
      this.discard('noise', items);
      items.push({ kind: 'ack' });
    } else {
      this.collected.push(byte);
    }
  }

  private complete(items: ReaderItem[]): void {
    const wire = wireBytes(this.collected);
    this.collected = [];
    this.collecting = false;
    if (this.ownRequest !== undefined && sameBytes(wire, this.ownRequest)) {
      items.push({ kind: 'echo', wire });
      return;
    }
    const decoded = decodeFrame(wire);
    if (decoded.ok) {
      items.push({ kind: 'frame', frame: decoded.frame, wire });
      return;
    }
    const { fault, direction, claimed } = decoded;
    items.push({ kind: 'discarded', bytes: wire, reason: fault, direction, ...(claimed && { claimed }) });
  }

  private discard(reason: DiscardReason, items: ReaderItem[]): void {
    if (this.collected.length > 0) {
      const bytes = Uint8Array.from(this.collected);
      const direction = bytes[0] === START_TO_METER ? 'to-meter' : 'from-meter';
      items.push({ kind: 'discarded', bytes, reason, ...(this.collecting && { direction }) });
    }
    this.collected = [];
    this.collecting = false;
  }
}
