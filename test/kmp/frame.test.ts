import { describe, expect, it } from 'vitest';
import { applicationBytes, linkBytes, toHex } from '../../src/kmp/bytes.ts';
import {
  crc16,
  decodeFrame,
  encodeFrame,
  isControlByte,
  METER_ADDRESS,
  stuff,
  unstuff,
} from '../../src/kmp/frame.ts';
import { wireOf } from '../fixtures/frame-vectors.ts';

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
