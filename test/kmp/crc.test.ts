import { describe, expect, it } from 'vitest';
import { crc16 } from '../../src/kmp/crc.ts';

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
