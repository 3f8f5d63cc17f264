import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sameBytes, type WireBytes } from '../../src/kmp/bytes.ts';
import { decodeFrame, FrameReader, type ReaderItem } from '../../src/kmp/frame.ts';
import { awkwardBytes, chunksOf, cuts, FIXED, wire } from './support/kmp-arbitraries.ts';

/** Noise, single control bytes, whole frames and frames that break off: what an optical eye delivers. */
const stream = fc
  .array(
    fc.oneof(
      awkwardBytes(0, 12),
      wire,
      fc.tuple(wire, fc.nat({ max: 40 })).map(([bytes, length]) => bytes.subarray(0, length)),
    ),
    { maxLength: 8 },
  )
  .map((parts) => Uint8Array.from(parts.flatMap((part) => Array.from(part))));

function read(bytes: Uint8Array, places: readonly number[] = [], echo?: WireBytes): ReaderItem[] {
  const reader = new FrameReader();
  if (echo !== undefined) reader.expectEcho(echo);
  const items = chunksOf(bytes, places).flatMap((chunk) => reader.push(chunk));
  return [...items, ...reader.flush()];
}

function bytesOf(item: ReaderItem): Uint8Array {
  if (item.kind === 'ack') return Uint8Array.of(0x06);
  return item.kind === 'discarded' ? item.bytes : item.wire;
}

/** Noise is handed out at the end of each chunk, so that a trace shows it when it came: here it is one again. */
function withJoinedNoise(items: readonly ReaderItem[]): ReaderItem[] {
  const joined: ReaderItem[] = [];
  for (const item of items) {
    const last = joined.at(-1);
    if (isNoise(item) && last !== undefined && isNoise(last)) {
      const bytes = Uint8Array.of(...bytesOf(last), ...item.bytes);
      joined.splice(-1, 1, { ...item, bytes });
    } else {
      joined.push(item);
    }
  }
  return joined;
}

function isNoise(item: ReaderItem): item is Extract<ReaderItem, { kind: 'discarded' }> {
  return item.kind === 'discarded' && item.reason === 'noise';
}

function wasFound(items: readonly ReaderItem[], sent: WireBytes): boolean {
  return items.some((item) => item.kind === 'frame' && sameBytes(item.wire, sent));
}

describe('a frame reader, given anything in any chunks', () => {
  it('never throws, loses no byte and invents none', () => {
    fc.assert(
      fc.property(stream, cuts, (bytes, places) => {
        const given = read(bytes, places).flatMap((item) => Array.from(bytesOf(item)));
        expect(given).toEqual(Array.from(bytes));
      }),
      FIXED,
    );
  });

  it('gives the same items as for one chunk', () => {
    fc.assert(
      fc.property(stream, cuts, wire, (bytes, places, echo) => {
        const sent = Uint8Array.of(...echo, ...bytes);
        const whole = withJoinedNoise(read(sent, [], echo));
        expect(withJoinedNoise(read(sent, places, echo))).toEqual(whole);
      }),
      FIXED,
    );
  });

  it('gives only frames whose checksum is right', () => {
    fc.assert(
      fc.property(stream, (bytes) => {
        for (const item of read(bytes)) {
          if (item.kind === 'frame') expect(decodeFrame(item.wire)).toEqual({ ok: true, frame: item.frame });
        }
      }),
      FIXED,
    );
  });

  it('finds every good frame, whatever comes before and after it', () => {
    fc.assert(
      fc.property(stream, wire, stream, cuts, (before, sent, after, places) => {
        const items = read(Uint8Array.of(...before, ...sent, ...after), places);
        expect(wasFound(items, sent)).toBe(true);
      }),
      FIXED,
    );
  });

  it.each([
    ['a start byte towards the meter', [0x80]],
    ['a start byte from the meter', [0x40]],
    ['an escape byte', [0x1b]],
    ['a start byte and an escape byte', [0x40, 0x1b]],
    ['a stop byte', [0x0d]],
    ['an acknowledge', [0x06]],
    ['the beginning of a reply', [0x40, 0x3f, 0x10]],
    ['a frame that never ends', [0x40, ...new Array<number>(5000).fill(0x11)]],
  ])('finds every good frame directly behind %s', (_, noise) => {
    fc.assert(
      fc.property(wire, cuts, (sent, places) => {
        const items = read(Uint8Array.of(...noise, ...sent), places);
        expect(wasFound(items, sent)).toBe(true);
        expect(items.at(-1)).toMatchObject({ kind: 'frame', wire: sent });
      }),
      { ...FIXED, numRuns: 50 },
    );
  });

  it('takes its own request for an echo wherever it stands, and nothing else', () => {
    fc.assert(
      fc.property(stream, wire, stream, (before, echo, after) => {
        const items = read(Uint8Array.of(...before, ...echo, ...after), [], echo);
        const echoes = items.flatMap((item) => (item.kind === 'echo' ? [item.wire] : []));
        expect(echoes.length).toBeGreaterThan(0);
        expect(echoes.every((found) => sameBytes(found, echo))).toBe(true);
        expect(wasFound(items, echo)).toBe(false);
      }),
      FIXED,
    );
  });
});
