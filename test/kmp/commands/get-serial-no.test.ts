import { describe, expect, it } from 'vitest';
import { toHex } from '../../../src/kmp/bytes.ts';
import {
  decodeGetSerialNoReply,
  encodeGetSerialNoReply,
  encodeGetSerialNoRequest,
} from '../../../src/kmp/commands/get-serial-no.ts';

describe('GetSerialNo', () => {
  it('asks without content', () => {
    expect(toHex(encodeGetSerialNoRequest())).toBe('02');
  });

  it.each([
    [0, '0200000000'],
    [84968362, '02051083AA'],
    [4294967295, '02FFFFFFFF'],
  ])('answers %i as %s', (serialNumber, hex) => {
    const reply = encodeGetSerialNoReply(serialNumber);
    expect(toHex(reply)).toBe(hex);
    expect(decodeGetSerialNoReply(reply.subarray(1))).toBe(serialNumber);
  });

  it.each(['', '01234567E9', '012345'])('refuses a reply of another length: %j', (hex) => {
    expect(decodeGetSerialNoReply(Buffer.from(hex, 'hex'))).toBeUndefined();
  });
});
