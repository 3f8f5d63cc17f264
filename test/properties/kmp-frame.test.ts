import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linkBytes, sameBytes, type WireBytes, wireBytes } from '../../src/kmp/bytes.ts';
import {
  crc16,
  decodeFrame,
  encodeFrame,
  type Frame,
  FrameReader,
  isControlByte,
  stuff,
  unstuff,
} from '../../src/kmp/frame.ts';
import { UNSTUFFED_ON_PURPOSE, VALID_FRAME_VECTORS, wireOf } from '../fixtures/frame-vectors.ts';
import { awkwardBytes, FIXED, frame, reply } from './support/kmp-arbitraries.ts';

function withFlippedBit(wire: WireBytes, bit: number): WireBytes {
  return wireBytes(wire.map((byte, index) => (index === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte)));
}

function sameFrame(a: Frame, b: Frame): boolean {
  return a.destination === b.destination && sameBytes(a.application, b.application);
}

/** Frames from the meter that a reader finds after one bit of `wire` changed, and that say something else. */
function lies(wire: WireBytes, original: Frame, bit: number): Frame[] {
  const reader = new FrameReader();
  return [...reader.push(withFlippedBit(wire, bit)), ...reader.flush()].flatMap((item) =>
    item.kind === 'frame' && item.frame.direction === 'from-meter' && !sameFrame(item.frame, original)
      ? [item.frame]
      : [],
  );
}

describe('any frame', () => {
  it('comes out of its encoding as it went in', () => {
    fc.assert(
      fc.property(frame, (any) => {
        expect(decodeFrame(encodeFrame(any))).toEqual({ ok: true, frame: any });
      }),
      FIXED,
    );
  });

  it('has control bytes at its ends and escapes only in between', () => {
    fc.assert(
      fc.property(frame, (any) => {
        const inside = encodeFrame(any).subarray(1, -1);
        expect(inside.filter((byte) => isControlByte(byte) && byte !== 0x1b)).toHaveLength(0);
      }),
      FIXED,
    );
  });
});

describe('any reply of a meter', () => {
  it('never says something else after one of its bits flipped', () => {
    fc.assert(
      fc.property(reply, fc.nat(), (any, place) => {
        const wire = encodeFrame(any);
        expect(lies(wire, any, place % (8 * wire.length))).toEqual([]);
      }),
      { ...FIXED, numRuns: 2000 },
    );
  });
});

describe('every published reply', () => {
  it('never says something else after any one of its bits flipped', () => {
    for (const { direction, hex } of VALID_FRAME_VECTORS) {
      const wire = wireOf(hex);
      const decoded = decodeFrame(wire);
      if (direction === 'request' || hex === UNSTUFFED_ON_PURPOSE || !decoded.ok) continue;
      for (let bit = 0; bit < 8 * wire.length; bit++) {
        expect(lies(wire, decoded.frame, bit), `${hex}, bit ${bit}`).toEqual([]);
      }
    }
  });
});

describe('any bytes', () => {
  it('come out of stuffing as they went in', () => {
    fc.assert(
      fc.property(awkwardBytes(0, 60), (bytes) => {
        const stuffed = stuff(linkBytes(bytes));
        expect(stuffed.length).toBeGreaterThanOrEqual(bytes.length);
        expect(unstuff(stuffed)).toEqual(bytes);
      }),
      FIXED,
    );
  });

  it('are either refused by unstuffing or hold an escaped byte for every escape', () => {
    fc.assert(
      fc.property(awkwardBytes(0, 20), (bytes) => {
        const restored = unstuff(bytes);
        const escapes = bytes.filter((byte) => byte === 0x1b).length;
        if (restored !== undefined) expect(restored.length).toBe(bytes.length - escapes);
      }),
      FIXED,
    );
  });

  it('have the checksum zero together with their own checksum', () => {
    fc.assert(
      fc.property(awkwardBytes(0, 60), (bytes) => {
        const crc = crc16(bytes);
        expect(crc16(Uint8Array.of(...bytes, crc >> 8, crc & 0xff))).toBe(0);
      }),
      FIXED,
    );
  });

  it('are decoded as a frame or refused, never thrown back', () => {
    fc.assert(
      fc.property(awkwardBytes(0, 60), (bytes) => {
        const decoded = decodeFrame(wireBytes(bytes));
        if (decoded.ok) expect(decodeFrame(encodeFrame(decoded.frame))).toEqual(decoded);
      }),
      FIXED,
    );
  });
});
