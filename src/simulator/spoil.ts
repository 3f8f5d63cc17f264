import { wireBytes } from '../kmp/bytes.ts';
import { isControlByte } from '../kmp/control-bytes.ts';
import { decodeFrame } from '../kmp/frame.ts';
import type { Random } from '../shared/back-off.ts';

const MOST_NOISE = 8;

/** The frame with one bit of one byte turned over, so that it still is a frame, but with a wrong checksum. */
export function withWrongChecksum(wire: Uint8Array, random: Random): Uint8Array {
  const inner = wire.length - 2;
  const first = Math.floor(random() * inner);
  const bit = 1 << Math.floor(random() * 8);
  for (let step = 0; step < inner; step++) {
    const index = 1 + ((first + step) % inner);
    const spoiled = Uint8Array.from(wire, (byte, at) => (at === index ? byte ^ bit : byte));
    if (isControlByte(spoiled[index] ?? 0)) continue;
    const decoded = decodeFrame(wireBytes(spoiled));
    if (!decoded.ok && decoded.fault === 'checksum') return spoiled;
  }
  return wire;
}

export function firstHalf(wire: Uint8Array): Uint8Array {
  return wire.subarray(0, Math.ceil(wire.length / 2));
}

/** One to eight bytes of any value, start and stop bytes among them. */
export function noise(random: Random): Uint8Array {
  const length = 1 + Math.floor(random() * MOST_NOISE);
  return Uint8Array.from({ length }, () => Math.floor(random() * 256));
}
