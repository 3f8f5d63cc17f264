import { describe, expect, it } from 'vitest';
import { applicationBytes } from '../../src/kmp/bytes.ts';
import { decodeFrame, encodeFrame } from '../../src/kmp/frame.ts';
import { FrameReader } from '../../src/kmp/frame-reader.ts';
import { firstHalf, noise, withWrongChecksum } from '../../src/simulator/spoil.ts';
import { seededRandom } from './virtual-line.ts';

const random = seededRandom();

describe('a reply that light or distance spoiled', () => {
  it('is one frame with a wrong checksum, whatever it held', () => {
    for (let attempt = 0; attempt < 500; attempt++) {
      const content = Array.from({ length: attempt % 40 }, () => Math.floor(random() * 256));
      const wire = encodeFrame({
        direction: 'from-meter',
        destination: 0x3f,
        application: applicationBytes([0x10, ...content]),
      });
      const items = new FrameReader().push(withWrongChecksum(wire, random));
      expect(items).toMatchObject([{ kind: 'discarded', reason: 'checksum', direction: 'from-meter' }]);
    }
  });

  it('differs in one byte', () => {
    const wire = encodeFrame({
      direction: 'from-meter',
      destination: 0x3f,
      application: applicationBytes([1, 2, 3, 4]),
    });
    const spoiled = withWrongChecksum(wire, random);
    expect(spoiled.length).toBe(wire.length);
    expect(spoiled.filter((byte, index) => byte !== wire[index]).length).toBe(1);
    expect(decodeFrame(wire).ok).toBe(true);
  });

  it('stops half way', () => {
    expect(firstHalf(Uint8Array.of(1, 2, 3, 4, 5))).toEqual(Uint8Array.of(1, 2, 3));
  });

  it('is surrounded by one to eight bytes of any kind', () => {
    const rounds = Array.from({ length: 2000 }, () => noise(random));
    expect(Math.min(...rounds.map(({ length }) => length))).toBe(1);
    expect(Math.max(...rounds.map(({ length }) => length))).toBe(8);
    expect(new Set(rounds.flatMap((bytes) => Array.from(bytes))).size).toBe(256);
  });

  it('is left as it is when there is nothing to turn over', () => {
    expect(withWrongChecksum(Uint8Array.of(0x40, 0x0d), random)).toEqual(Uint8Array.of(0x40, 0x0d));
  });
});
