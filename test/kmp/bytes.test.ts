import { describe, expect, it } from 'vitest';
import { byteAt, fromUnsigned, sameBytes, toHex, toUnsigned, wordAt } from '../../src/kmp/bytes.ts';

describe('bytes', () => {
  it('are shown as upper-case hex without separators', () => {
    expect(toHex(Uint8Array.of(0x40, 0x0d, 0xfa))).toBe('400DFA');
    expect(toHex(Uint8Array.of())).toBe('');
  });

  it('are the same only with equal length and content', () => {
    expect(sameBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true);
    expect(sameBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false);
    expect(sameBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2, 3))).toBe(false);
    expect(sameBytes(Uint8Array.of(1, 2, 3), Uint8Array.of(1, 2))).toBe(false);
  });

  it('are a big-endian integer of any length', () => {
    expect(toUnsigned(Uint8Array.of())).toBe(0n);
    expect(toUnsigned(Uint8Array.of(0x12, 0x34))).toBe(0x1234n);
    expect(toUnsigned(new Uint8Array(16).fill(0xff))).toBe(2n ** 128n - 1n);
  });

  it('hold an integer in exactly the wanted length, higher bits cut', () => {
    expect(fromUnsigned(0x1234n, 4)).toEqual([0, 0, 0x12, 0x34]);
    expect(fromUnsigned(0x123456n, 2)).toEqual([0x34, 0x56]);
    expect(fromUnsigned(5n, 0)).toEqual([]);
  });

  it('are single bytes at any offset, and zeros beyond the end', () => {
    expect(byteAt(Uint8Array.of(7, 8), 1)).toBe(8);
    expect(byteAt(Uint8Array.of(7, 8), 2)).toBe(0);
  });

  it('hold 16-bit words at any offset, with zeros beyond the end', () => {
    expect(wordAt(Uint8Array.of(0, 0x03, 0xe9), 1)).toBe(1001);
    expect(wordAt(Uint8Array.of(0x03), 0)).toBe(0x300);
    expect(wordAt(Uint8Array.of(), 0)).toBe(0);
  });
});
