/**
 * One byte type a protocol layer, so that handing over another layer's bytes does not compile.
 *
 *   ApplicationBytes   CID data
 *   LinkBytes          destination CID data CRC(2)
 *   WireBytes          start stuffed(LinkBytes) stop
 */
declare const layer: unique symbol;

export type ApplicationBytes = Uint8Array & { readonly [layer]: 'application' };
export type LinkBytes = Uint8Array & { readonly [layer]: 'link' };
export type WireBytes = Uint8Array & { readonly [layer]: 'wire' };

export function applicationBytes(bytes: Iterable<number>): ApplicationBytes {
  return Uint8Array.from(bytes) as ApplicationBytes;
}

export function linkBytes(bytes: Iterable<number>): LinkBytes {
  return Uint8Array.from(bytes) as LinkBytes;
}

export function wireBytes(bytes: Iterable<number>): WireBytes {
  return Uint8Array.from(bytes) as WireBytes;
}

/** Upper-case hex without separators, the way frames are posted in bug reports. */
export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex').toUpperCase();
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

/** Big-endian unsigned integer of any length; lossless, because values reach 16 bytes. */
export function toUnsigned(bytes: Uint8Array): bigint {
  return bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

/** The big-endian form of a non-negative integer in exactly `length` bytes; higher bits are cut. */
export function fromUnsigned(value: bigint, length: number): number[] {
  return Array.from({ length }, (_, index) => Number((value >> BigInt(8 * (length - 1 - index))) & 0xffn));
}

/** Zero beyond the end. */
export function byteAt(bytes: Uint8Array, offset: number): number {
  return bytes[offset] ?? 0;
}

/** Big-endian; zeros beyond the end. */
export function wordAt(bytes: Uint8Array, offset: number): number {
  return (byteAt(bytes, offset) << 8) | byteAt(bytes, offset + 1);
}
