import {
  type ApplicationBytes,
  applicationBytes,
  byteAt,
  type LinkBytes,
  linkBytes,
  type WireBytes,
  wireBytes,
  wordAt,
} from './bytes.ts';

/** Bytes with a meaning of their own on the wire (5512-447 section 3.1). */
export const START_TO_METER = 0x80;
export const START_FROM_METER = 0x40;
export const STOP = 0x0d;
export const ACK = 0x06;
const ESCAPE = 0x1b;

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
export type FrameFault = 'checksum' | 'stuffing' | 'too-short';

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
