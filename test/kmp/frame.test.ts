import { beforeEach, describe, expect, it } from 'vitest';
import { applicationBytes, linkBytes, toHex } from '../../src/kmp/bytes.ts';
import {
  crc16,
  decodeFrame,
  encodeFrame,
  FrameReader,
  isControlByte,
  METER_ADDRESS,
  type ReaderItem,
  stuff,
  unstuff,
} from '../../src/kmp/frame.ts';
import { wireOf } from '../fixtures/frame-vectors.ts';

describe('frame', () => {
  describe('the checksum', () => {
    it('is CRC-16/XMODEM: check value 31C3', () => {
      expect(crc16(Buffer.from('123456789'))).toBe(0x31c3);
    });

    it('is zero over nothing and over data with its own checksum', () => {
      expect(crc16(Uint8Array.of())).toBe(0);
      expect(crc16(Uint8Array.of(0x3f, 0x10, 0x01, 0x00, 0x3c, 0xb2, 0x5f))).toBe(0);
    });

    it('leaves the start byte out: only so a MULTICAL 21 reply gives zero', () => {
      const reply = Buffer.from('403F1000633302000000CF4E', 'hex');
      expect(crc16(reply)).not.toBe(0);
      expect(crc16(reply.subarray(1))).toBe(0);
    });
  });

  describe('stuffing', () => {
    const ESCAPED = [
      [0x80, 0x7f],
      [0x40, 0xbf],
      [0x0d, 0xf2],
      [0x06, 0xf9],
      [0x1b, 0xe4],
    ] as const;

    describe('stuffing', () => {
      it.each(ESCAPED)('sends %i as the escape byte and %i (5512-447 section 3.1)', (byte, complement) => {
        expect(stuff(linkBytes([byte]))).toEqual([0x1b, complement]);
        expect(unstuff([0x1b, complement])).toEqual(linkBytes([byte]));
      });

      it('leaves every other byte alone', () => {
        const others = Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => !isControlByte(byte));
        expect(others).toHaveLength(251);
        expect(stuff(linkBytes(others))).toEqual(others);
        expect(unstuff(others)).toEqual(linkBytes(others));
      });

      it.each(ESCAPED)('keeps an escape byte followed by the complement of %i apart', (_, complement) => {
        expect(stuff(linkBytes([0x1b, complement]))).toEqual([0x1b, 0xe4, complement]);
        expect(unstuff([0x1b, 0xe4, complement])).toEqual(linkBytes([0x1b, complement]));
      });

      it('refuses an escape at the end', () => {
        expect(unstuff([0x01, 0x1b])).toBeUndefined();
        expect(unstuff([0x1b, 0xe4, 0x1b])).toBeUndefined();
      });

      it('refuses an escape before a byte that is never escaped', () => {
        expect(unstuff([0x1b, 0x00])).toBeUndefined();
        expect(unstuff([0x1b, 0x1b, 0xe4])).toBeUndefined();
      });
    });
  });

  describe('a frame', () => {
    it('starts with 80 towards the meter and with 40 from it', () => {
      const application = applicationBytes([0x10]);
      const content = { destination: METER_ADDRESS, application };
      expect(toHex(encodeFrame({ ...content, direction: 'from-meter' }))).toBe('403F10079A0D');
      expect(toHex(encodeFrame({ ...content, direction: 'to-meter' }))).toBe('803F10079A0D');
    });

    it('may have another destination: a logger module at 7F', () => {
      const wire = encodeFrame({
        direction: 'to-meter',
        destination: 0x7f,
        application: applicationBytes([0x02]),
      });
      expect(decodeFrame(wire)).toMatchObject({ ok: true, frame: { destination: 0x7f } });
    });

    it('is legal with a reply of no registers', () => {
      expect(decodeFrame(wireOf('403F10079A0D'))).toEqual({
        ok: true,
        frame: { direction: 'from-meter', destination: 0x3f, application: applicationBytes([0x10]) },
      });
    });

    it('with a wrong checksum tells what it claims to be', () => {
      expect(decodeFrame(wireOf('403F10079B0D'))).toEqual({
        ok: false,
        fault: 'checksum',
        direction: 'from-meter',
        claimed: { direction: 'from-meter', destination: 0x3f, application: applicationBytes([0x10]) },
      });
    });

    it('is refused for its stuffing where an escape is followed by a plain byte', () => {
      expect(decodeFrame(wireOf('803F1B10079A0D'))).toEqual({
        ok: false,
        fault: 'stuffing',
        direction: 'to-meter',
      });
    });

    it.each([
      '400D',
      '403F0D',
      '403F100D',
      '403F10070D',
      '',
    ])('is too short without destination, command and checksum: %j', (hex) => {
      expect(decodeFrame(wireOf(hex))).toEqual({ ok: false, fault: 'too-short', direction: 'from-meter' });
    });

    it('is too short where only its stuffing makes it long enough', () => {
      expect(decodeFrame(wireOf('401B7F1BBF1BF20D'))).toMatchObject({ ok: false, fault: 'too-short' });
    });
  });
});

describe('frame reader', () => {
  const REQUEST = '803F1001003CB25F0D';
  const REPLY = '403F10003C0304430000D6DE03220D';
  const OTHER_REPLY = '403F10005625024214F569DC0D';

  let reader: FrameReader;

  beforeEach(() => {
    reader = new FrameReader();
  });

  function push(hex: string): ReaderItem[] {
    return reader.push(wireOf(hex));
  }

  describe('a frame reader', () => {
    it('finds a frame that comes at once', () => {
      expect(push(REPLY)).toMatchObject([
        { kind: 'frame', frame: { direction: 'from-meter', destination: 0x3f }, wire: wireOf(REPLY) },
      ]);
    });

    it('finds the same frame whatever the place where its chunks are cut', () => {
      const whole = push(REPLY);
      for (let cut = 1; cut < REPLY.length / 2; cut++) {
        expect([...push(REPLY.slice(0, 2 * cut)), ...push(REPLY.slice(2 * cut))]).toEqual(whole);
      }
    });

    it('finds two frames in one chunk', () => {
      expect(push(REPLY + OTHER_REPLY)).toMatchObject([
        { kind: 'frame', wire: wireOf(REPLY) },
        { kind: 'frame', wire: wireOf(OTHER_REPLY) },
      ]);
    });

    it.each([
      ['from-meter', REPLY],
      ['to-meter', REQUEST],
    ] as const)('knows that a frame %s is open from its start byte to its stop byte', (direction, hex) => {
      expect(reader.openFrame).toBeUndefined();
      push(hex.slice(0, 2));
      expect(reader.openFrame).toBe(direction);
      push(hex.slice(2, -2));
      expect(reader.openFrame).toBe(direction);
      push(hex.slice(-2));
      expect(reader.openFrame).toBeUndefined();
    });

    it('takes an empty chunk', () => {
      expect(push('')).toEqual([]);
    });
  });

  describe('the echo of the optical head', () => {
    it('is told apart from the reply that follows it', () => {
      reader.expectEcho(wireOf(REQUEST));
      expect(push(REQUEST + REPLY)).toMatchObject([
        { kind: 'echo', wire: wireOf(REQUEST) },
        { kind: 'frame', wire: wireOf(REPLY) },
      ]);
    });

    it('is a frame like any other where nobody expects it', () => {
      expect(push(REQUEST)).toMatchObject([{ kind: 'frame', frame: { direction: 'to-meter' } }]);
    });

    it('of an earlier request is a frame, because only the last one is ours', () => {
      reader.expectEcho(wireOf(REQUEST));
      reader.expectEcho(wireOf('803F01058A0D'));
      expect(push(REQUEST)).toMatchObject([{ kind: 'frame' }]);
    });

    it('is discarded where light from outside spoilt it', () => {
      reader.expectEcho(wireOf(REQUEST));
      expect(push(REQUEST.replace('003C', '003D'))).toMatchObject([
        { kind: 'discarded', reason: 'checksum', direction: 'to-meter', claimed: { direction: 'to-meter' } },
      ]);
    });
  });

  describe('an acknowledge', () => {
    it('is a lone 06 between frames', () => {
      expect(push('06')).toEqual([{ kind: 'ack' }]);
      expect(push(`${REPLY}06${REPLY}`)).toMatchObject([
        { kind: 'frame' },
        { kind: 'ack' },
        { kind: 'frame' },
      ]);
    });

    it('is found behind noise', () => {
      expect(push('000006')).toEqual([
        { kind: 'discarded', reason: 'noise', bytes: Uint8Array.of(0, 0) },
        { kind: 'ack' },
      ]);
    });

    it('is none inside a frame, where 06 belongs to the content', () => {
      expect(push('403F06079A0D')).toMatchObject([{ kind: 'discarded', reason: 'checksum' }]);
    });
  });

  describe('what is no frame', () => {
    it('is noise where no start byte came: a lone 00 that the meter sends unasked', () => {
      expect(push('00')).toEqual([{ kind: 'discarded', reason: 'noise', bytes: Uint8Array.of(0) }]);
      expect(reader.flush()).toEqual([]);
    });

    it('is noise in front of the frame that follows', () => {
      expect(push(`FF1B${REPLY}`)).toMatchObject([
        { kind: 'discarded', reason: 'noise', bytes: Uint8Array.of(0xff, 0x1b) },
        { kind: 'frame' },
      ]);
    });

    it('carries no direction as noise, even where noise follows a frame', () => {
      const [, noise] = push(`${REPLY}0D`);
      expect(noise).toEqual({ kind: 'discarded', reason: 'noise', bytes: Uint8Array.of(0x0d) });
    });

    it('was interrupted where a start byte comes inside a frame', () => {
      expect(push(`803F10${REPLY}`)).toMatchObject([
        { kind: 'discarded', reason: 'interrupted', direction: 'to-meter', bytes: wireOf('803F10') },
        { kind: 'frame', wire: wireOf(REPLY) },
      ]);
    });

    it('was interrupted where silence follows its beginning', () => {
      push('403F10');
      expect(reader.flush()).toEqual([
        { kind: 'discarded', reason: 'interrupted', direction: 'from-meter', bytes: wireOf('403F10') },
      ]);
      expect(reader.openFrame).toBeUndefined();
      expect(push(REPLY)).toMatchObject([{ kind: 'frame' }]);
    });

    it('says what is wrong with it: stuffing, or too short', () => {
      expect(push('401B000D400D')).toMatchObject([
        { kind: 'discarded', reason: 'stuffing', direction: 'from-meter' },
        { kind: 'discarded', reason: 'too-short', direction: 'from-meter' },
      ]);
    });

    it('is overlong without a stop byte in 2048 bytes, and the next frame is found', () => {
      const endless = `40${'11'.repeat(2047)}`;
      expect(push(endless)).toMatchObject([
        { kind: 'discarded', reason: 'overlong', direction: 'from-meter' },
      ]);
      expect(reader.openFrame).toBeUndefined();
      expect(push(`11${REPLY}`)).toMatchObject([{ reason: 'noise' }, { kind: 'frame' }]);
    });

    it('is not overlong where the stop byte is the 2048th', () => {
      expect(push(`40${'11'.repeat(2046)}0D`)).toMatchObject([{ kind: 'discarded', reason: 'checksum' }]);
    });

    it('never piles up: at most 2047 bytes are kept, however many come', () => {
      const sent = 100_000;
      const stream = Uint8Array.of(0x40, ...new Uint8Array(sent - 1).fill(0x11));
      let given = 0;
      for (let from = 0; from < sent; from += 1000) {
        for (const item of reader.push(stream.subarray(from, from + 1000))) {
          if (item.kind === 'discarded') given += item.bytes.length;
        }
        expect(from + 1000 - given).toBeLessThan(2048);
      }
      expect(given).toBe(sent);
    });
  });
});
