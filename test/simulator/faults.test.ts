import { describe, expect, it } from 'vitest';
import { applicationBytes } from '../../src/kmp/bytes.ts';
import { decodeFrame, encodeFrame, FrameReader } from '../../src/kmp/frame.ts';
import { Multical2MqttError } from '../../src/shared/errors.ts';
import {
  FAULT_NAMES,
  FaultInjector,
  firstHalf,
  noise,
  parseFault,
  withWrongChecksum,
} from '../../src/simulator/faults.ts';
import { seededRandom } from './support/virtual-line.ts';

describe('faults', () => {
  describe('a fault in words', () => {
    it.each([
      ['echo', { name: 'echo' }],
      ['silence:3', { name: 'silence', count: 3 }],
      ['checksum:10%', { name: 'checksum', probability: 0.1 }],
      ['spurious-zero:2.5%', { name: 'spurious-zero', probability: 0.025 }],
      ['late:100%', { name: 'late', probability: 1 }],
    ])('%s', (text, fault) => {
      expect(parseFault(text)).toEqual(fault);
    });

    it.each(['', 'nonsense', 'Echo', 'nonsense:3'])('names the allowed ones in place of "%s"', (text) => {
      expect(() => parseFault(text)).toThrow(Multical2MqttError);
      for (const name of FAULT_NAMES) expect(() => parseFault(text)).toThrow(name);
    });

    it.each([
      'echo:',
      'echo:x',
      'echo:1.5',
      'echo:-1',
      'echo:101%',
      'echo:1:2',
      'echo:50%:1',
      'echo:%',
    ])('says how to write it in place of "%s"', (text) => {
      expect(() => parseFault(text)).toThrow(expect.objectContaining({ code: 'usage' }));
      expect(() => parseFault(text)).toThrow('echo:10%');
    });
  });

  describe('faults', () => {
    const random = seededRandom();

    it('strike always without a figure', () => {
      const faults = new FaultInjector([{ name: 'echo' }], random);
      expect(Array.from({ length: 100 }, () => faults.strikes('echo')).every(Boolean)).toBe(true);
    });

    it('strike as often as their count says', () => {
      const faults = new FaultInjector([{ name: 'silence', count: 2 }], random);
      expect([1, 2, 3, 4].map(() => faults.strikes('silence'))).toEqual([true, true, false, false]);
    });

    it('strike with their probability', () => {
      const faults = new FaultInjector([{ name: 'noise', probability: 0.1 }], random);
      const struck = Array.from({ length: 2000 }, () => faults.strikes('noise')).filter(Boolean).length;
      expect(struck).toBeGreaterThan(150);
      expect(struck).toBeLessThan(250);
    });

    it('leave others alone', () => {
      expect(new FaultInjector([{ name: 'noise' }], random).strikes('echo')).toBe(false);
    });

    it('follow one another when one name is given twice', () => {
      const faults = new FaultInjector(
        [
          { name: 'late', count: 1 },
          { name: 'late', count: 1 },
        ],
        random,
      );
      expect([1, 2, 3].map(() => faults.strikes('late'))).toEqual([true, true, false]);
    });
  });
});

describe('spoil', () => {
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
});
