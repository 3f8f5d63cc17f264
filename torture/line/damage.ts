import { wireBytes } from '../../src/kmp/bytes.ts';
import { FrameReader } from '../../src/kmp/frame.ts';
import { withWrongChecksum } from '../../src/simulator/faults.ts';
import type { Chance } from '../chance.ts';
import type { LineFault, Strike } from './fault.ts';

type Spoil = (wire: Uint8Array, chance: Chance) => Uint8Array;

const TRIES = 20;

/**
 * Spoiled bytes that hold no other frame with a good checksum: one in 65,536 would, and no reader could tell. Such a draw is
 * made again.
 */
export function spoiled(wire: Uint8Array, chance: Chance, spoil: Spoil): Uint8Array {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const bytes = spoil(wire, chance);
    if (!holdsAnotherFrame(bytes, wire)) return bytes;
  }
  return wire;
}

function holdsAnotherFrame(bytes: Uint8Array, wire: Uint8Array): boolean {
  const reader = new FrameReader();
  const items = [...reader.push(wireBytes(bytes)), ...reader.flush()];
  return items.some((item) => item.kind === 'frame' && Buffer.compare(item.wire, wire) !== 0);
}

function damage(name: string, what: string, spoil: Spoil): LineFault {
  return {
    name,
    what,
    onReply: ({ line, wire, from, chance }: Strike) => line.send(spoiled(wire, chance, spoil), from),
  };
}

const each = (wire: Uint8Array, change: (byte: number, index: number) => number[]): Uint8Array =>
  Uint8Array.from(Array.from(wire).flatMap(change));

const joined = (...parts: readonly Uint8Array[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => [...part]));

const cutAt = (wire: Uint8Array, chance: Chance): number => chance.whole(1, wire.length - 1);

/** Bit 7 in place of a parity bit, as a port with seven data bits and even parity gives it. */
function withParity(byte: number): number {
  let ones = 0;
  for (let bit = 0; bit < 7; bit++) ones += (byte >> bit) & 1;
  return (byte & 0x7f) | (ones % 2 === 1 ? 0x80 : 0);
}

const CONTROL = [0x80, 0x40, 0x0d, 0x06, 0x1b];

/** Bytes of a reply that are lost, changed or added on their way. */
export const DAMAGE: readonly LineFault[] = [
  damage('bit-flips', 'one bit in a hundred wrong', (wire, chance) =>
    each(wire, (byte) => {
      let mask = 0;
      for (let bit = 0; bit < 8; bit++) if (chance.happens(0.01)) mask |= 1 << bit;
      return [byte ^ mask];
    }),
  ),
  damage('one-bit', 'one bit turned over', (wire, chance) => {
    const at = chance.whole(0, wire.length - 1);
    const mask = 1 << chance.whole(0, 7);
    return each(wire, (byte, index) => [index === at ? byte ^ mask : byte]);
  }),
  damage('lost-bytes', 'one byte in twelve lost', (wire, chance) =>
    each(wire, (byte) => (chance.happens(1 / 12) ? [] : [byte])),
  ),
  damage('doubled-bytes', 'one byte in twelve twice', (wire, chance) =>
    each(wire, (byte) => (chance.happens(1 / 12) ? [byte, byte] : [byte])),
  ),
  damage('swapped-bytes', 'two bytes exchanged', (wire, chance) => {
    const at = chance.whole(0, wire.length - 2);
    return each(wire, (byte, index) => [wire[index === at ? at + 1 : index === at + 1 ? at : index] ?? byte]);
  }),
  damage('truncated', 'a reply that stops somewhere', (wire, chance) => wire.slice(0, cutAt(wire, chance))),
  damage('beginning-lost', 'the first bytes lost', (wire, chance) =>
    wire.slice(chance.whole(1, Math.min(6, wire.length - 1))),
  ),
  damage('end-lost', 'the stop byte lost', (wire) => wire.slice(0, -1)),
  damage('garbage-before', 'noise before a reply', (wire, chance) =>
    joined(chance.bytes(chance.whole(1, 12)), wire),
  ),
  damage('garbage-after', 'noise after a reply', (wire, chance) =>
    joined(wire, chance.bytes(chance.whole(1, 12))),
  ),
  damage('garbage-inside', 'noise inside a reply', (wire, chance) => {
    const at = cutAt(wire, chance);
    return joined(wire.slice(0, at), chance.bytes(chance.whole(1, 6)), wire.slice(at));
  }),
  damage('zeros', 'bursts of 00', (wire, chance) => {
    const at = cutAt(wire, chance);
    const zeros = () => new Uint8Array(chance.whole(0, 5));
    return joined(zeros(), wire.slice(0, at), zeros(), wire.slice(at), new Uint8Array(1));
  }),
  damage('wrong-checksum', 'a wrong checksum', (wire, chance) => withWrongChecksum(wire, chance.random)),
  damage('stray-control', 'control bytes inside a reply', (wire, chance) => {
    const at = cutAt(wire, chance);
    return joined(wire.slice(0, at), Uint8Array.of(chance.pick(CONTROL)), wire.slice(at));
  }),
  damage('broken-stuffing', 'half an escape', (wire, chance) => {
    const at = cutAt(wire, chance);
    return joined(wire.slice(0, at), Uint8Array.of(0x1b, chance.whole(0, 0x3f)), wire.slice(at + 1));
  }),
  damage('parity', 'a port with seven data bits', (wire) => each(wire, (byte) => [withParity(byte)])),
];
