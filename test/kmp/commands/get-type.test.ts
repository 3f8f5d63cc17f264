import { describe, expect, it } from 'vitest';
import { toHex } from '../../../src/kmp/bytes.ts';
import {
  decodeGetTypeReply,
  encodeGetTypeReply,
  encodeGetTypeRequest,
} from '../../../src/kmp/commands/get-type.ts';

describe('GetType', () => {
  it('asks without content', () => {
    expect(toHex(encodeGetTypeRequest())).toBe('01');
  });

  it.each([
    [0x0004, 'F1', '0100040601'],
    [0x0001, 'G1', '0100010701'],
    [0x5301, 'N1', '0153010E01'],
    [0xffff, 'A0', '01FFFF0100'],
    [0x5a00, 'Z255', '015A001AFF'],
    [0x5a00, 'AA3', '015A001B03'],
    [0x5a00, 'AZ3', '015A003403'],
    [0x5a00, 'BA3', '015A003503'],
    [0x5a00, 'IU9', '015A00FF09'],
  ])('answers meter type %i with software %s as %s', (meterType, softwareRevision, hex) => {
    const reply = encodeGetTypeReply({ meterType, softwareRevision });
    expect(toHex(reply)).toBe(hex);
    expect(decodeGetTypeReply(reply.subarray(1))).toEqual({ meterType, softwareRevision });
  });

  it('knows no software where the meter sends zeros, as a MULTICAL 403 does', () => {
    const reply = encodeGetTypeReply({ meterType: 1, softwareRevision: null });
    expect(toHex(reply)).toBe('0100010000');
    expect(decodeGetTypeReply(reply.subarray(1))).toEqual({ meterType: 1, softwareRevision: null });
  });

  it('sends zeros for software that is no letter and number', () => {
    expect(toHex(encodeGetTypeReply({ meterType: 1, softwareRevision: '1.0' }))).toBe('0100010000');
  });

  it.each(['', '000107', '0001070100'])('refuses a reply of another length: %j', (hex) => {
    expect(decodeGetTypeReply(Buffer.from(hex, 'hex'))).toBeUndefined();
  });
});
