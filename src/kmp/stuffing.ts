import { type LinkBytes, linkBytes } from './bytes.ts';
import { ESCAPE, isControlByte } from './control-bytes.ts';

/** Each control byte becomes 1B and its complement (5512-447 section 3.1). */
export function stuff(bytes: LinkBytes): number[] {
  return Array.from(bytes).flatMap((byte) => (isControlByte(byte) ? [ESCAPE, byte ^ 0xff] : [byte]));
}

/**
 * The reverse of `stuff`, in one pass from left to right: a second look at bytes already restored would
 * spoil data such as 1B E4 F9. Undefined where an escape stands at the end or before a byte that is never escaped.
 */
export function unstuff(bytes: Iterable<number>): LinkBytes | undefined {
  const restored: number[] = [];
  let escaped = false;
  for (const byte of bytes) {
    if (escaped) {
      const original = byte ^ 0xff;
      if (!isControlByte(original)) return undefined;
      restored.push(original);
      escaped = false;
    } else if (byte === ESCAPE) {
      escaped = true;
    } else {
      restored.push(byte);
    }
  }
  return escaped ? undefined : linkBytes(restored);
}
