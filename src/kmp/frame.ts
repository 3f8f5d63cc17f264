import {
  type ApplicationBytes,
  applicationBytes,
  byteAt,
  type LinkBytes,
  linkBytes,
  sameBytes,
  type WireBytes,
  wireBytes,
  wordAt,
} from './bytes.ts';

/** Bytes with a meaning of their own on the wire (5512-447 section 3.1). */
export const START_TO_METER = 0x80;
export const START_FROM_METER = 0x40;
const STOP = 0x0d;
const ACK = 0x06;
export const ESCAPE = 0x1b;

const CONTROL_BYTES: ReadonlySet<number> = new Set([START_TO_METER, START_FROM_METER, STOP, ACK, ESCAPE]);

export function isControlByte(byte: number): boolean {
  return CONTROL_BYTES.has(byte);
}

/** CRC-16, polynomial 1021h, start value 0, not reflected, no final xor (CRC-16/XMODEM; 5512-447 section 3.2). */
export function crc16(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1;
    crc &= 0xffff;
  }
  return crc;
}

/** Each control byte becomes 1B and its complement (5512-447 section 3.1). */
export function stuff(bytes: LinkBytes): number[] {
  return Array.from(bytes).flatMap((byte) => (isControlByte(byte) ? [ESCAPE, byte ^ 0xff] : [byte]));
}

/**
 * The reverse of `stuff`, in one pass from left to right: a second look at bytes already restored would
 * spoil data such as 1B E4 F9. Undefined where an escape stands at the end or before a byte that is never escaped.
 */
export function unstuff(bytes: Iterable<number>): LinkBytes | undefined {
  const restored: number[] = [];
  let escaped = false;
  for (const byte of bytes) {
    if (escaped) {
      const original = byte ^ 0xff;
      if (!isControlByte(original)) return undefined;
      restored.push(original);
      escaped = false;
    } else if (byte === ESCAPE) {
      escaped = true;
    } else {
      restored.push(byte);
    }
  }
  return escaped ? undefined : linkBytes(restored);
}

export type Direction = 'to-meter' | 'from-meter';

/** Address of the meter itself; 7F and BF are logger modules (5512-447 section 3.2). */
export const METER_ADDRESS = 0x3f;

export interface Frame {
  readonly direction: Direction;
  readonly destination: number;
  readonly application: ApplicationBytes;
}

/** Reasons why bytes between a start and a stop byte are no frame. */
type FrameFault = 'checksum' | 'stuffing' | 'too-short';

type DecodedFrame =
  | { readonly ok: true; readonly frame: Frame }
  | {
      readonly ok: false;
      readonly fault: FrameFault;
      readonly direction: Direction;
      /** The frame's own claim: fit for an explanation to a person, never for values. */
      readonly claimed?: Frame;
    };

const CRC_LENGTH = 2;
/** Destination, CID and CRC. */
const SHORTEST_LINK_LENGTH = 4;

export function encodeFrame({ direction, destination, application }: Frame): WireBytes {
  const checked = linkBytes([destination, ...application]);
  const crc = crc16(checked);
  const link = linkBytes([...checked, crc >> 8, crc & 0xff]);
  const start = direction === 'to-meter' ? START_TO_METER : START_FROM_METER;
  return wireBytes([start, ...stuff(link), STOP]);
}

/** Decodes one frame as delimited by the frame reader: start byte first, stop byte last. */
export function decodeFrame(wire: WireBytes): DecodedFrame {
  const direction: Direction = wire[0] === START_TO_METER ? 'to-meter' : 'from-meter';
  const link = unstuff(wire.subarray(1, -1));
  if (link === undefined) return { ok: false, fault: 'stuffing', direction };
  if (link.length < SHORTEST_LINK_LENGTH) return { ok: false, fault: 'too-short', direction };
  const checked = link.subarray(0, -CRC_LENGTH);
  const frame: Frame = {
    direction,
    destination: byteAt(link, 0),
    application: applicationBytes(checked.subarray(1)),
  };
  if (crc16(checked) !== wordAt(link, checked.length)) {
    return { ok: false, fault: 'checksum', direction, claimed: frame };
  }
  return { ok: true, frame };
}

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

type DiscardReason = FrameFault | 'noise' | 'interrupted' | 'overlong';

/** The longest reply to eight registers is 344 bytes when every byte is stuffed; log replies may be longer. */
export const LONGEST_WIRE_FRAME = 2048;

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
