/** Bytes with a meaning of their own on the wire (5512-447 section 3.1). */
export const START_TO_METER = 0x80;
export const START_FROM_METER = 0x40;
export const STOP = 0x0d;
export const ACK = 0x06;
export const ESCAPE = 0x1b;

const CONTROL_BYTES: ReadonlySet<number> = new Set([START_TO_METER, START_FROM_METER, STOP, ACK, ESCAPE]);

export function isControlByte(byte: number): boolean {
  return CONTROL_BYTES.has(byte);
}
