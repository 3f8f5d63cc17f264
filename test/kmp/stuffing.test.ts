import { describe, expect, it } from 'vitest';
import { linkBytes } from '../../src/kmp/bytes.ts';
import { isControlByte } from '../../src/kmp/control-bytes.ts';
import { stuff, unstuff } from '../../src/kmp/stuffing.ts';

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
