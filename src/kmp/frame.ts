import {
  type ApplicationBytes,
  applicationBytes,
  byteAt,
  linkBytes,
  type WireBytes,
  wireBytes,
  wordAt,
} from './bytes.ts';
import { START_FROM_METER, START_TO_METER, STOP } from './control-bytes.ts';
import { crc16 } from './crc.ts';
import { stuff, unstuff } from './stuffing.ts';

export type Direction = 'to-meter' | 'from-meter';

/** Address of the meter itself; 7F and BF are logger modules (5512-447 section 3.2). */
export const METER_ADDRESS = 0x3f;

export interface Frame {
  readonly direction: Direction;
  readonly destination: number;
  readonly application: ApplicationBytes;
}

/** Why bytes between a start and a stop byte are no frame. */
export type FrameFault = 'checksum' | 'stuffing' | 'too-short';

export type DecodedFrame =
  | { readonly ok: true; readonly frame: Frame }
  | {
      readonly ok: false;
      readonly fault: FrameFault;
      readonly direction: Direction;
      /** What the frame claims to be: fit for an explanation to a person, never for values. */
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
