import { wireBytes } from '../kmp/bytes.ts';
import { decodeFrame, isControlByte } from '../kmp/frame.ts';
import type { Random } from '../shared/clock.ts';
import { Multical2MqttError } from '../shared/errors.ts';

/**
 * | fault | what happens |
 * | --- | --- |
 * | echo | the optical head throws the request back while it is sent |
 * | silence | no reply |
 * | checksum | one byte of the reply is wrong |
 * | truncation | the reply stops half way |
 * | noise | random bytes before and after the reply |
 * | spurious-zero | a lone 00 before the reply |
 * | late | the reply begins after the reader gave up |
 * | foreign-reply | a good reply to another request than the one asked |
 * | unplug | the line drops in place of the reply, and comes back after some seconds |
 */
export const FAULT_NAMES = [
  'echo',
  'silence',
  'checksum',
  'truncation',
  'noise',
  'spurious-zero',
  'late',
  'foreign-reply',
  'unplug',
] as const;

type FaultName = (typeof FAULT_NAMES)[number];

/** Strikes always, or `count` times, or with `probability` (0 to 1). */
export interface LineFault {
  readonly name: FaultName;
  readonly count?: number;
  readonly probability?: number;
}

/** `text`: `NAME`, `NAME:COUNT` or `NAME:PERCENT%`. Error `usage` for anything else. */
export function parseFault(text: string): LineFault {
  const [name = '', amount, ...rest] = text.split(':');
  if (!isFaultName(name)) {
    throw new Multical2MqttError(
      'usage',
      `There is no fault "${name}". Faults are: ${FAULT_NAMES.join(', ')}.`,
    );
  }
  if (amount === undefined) return { name };
  const [, digits, percent] = /^(\d+(?:\.\d+)?)(%?)$/.exec(amount) ?? [];
  const figure = Number(digits);
  if (rest.length === 0 && percent === '%' && figure <= 100) return { name, probability: figure / 100 };
  if (rest.length === 0 && percent === '' && Number.isInteger(figure)) return { name, count: figure };
  throw new Multical2MqttError(
    'usage',
    `"${text}" is no fault: write ${name} (always), ${name}:3 (the next three replies) or ${name}:10% (one in ten).`,
  );
}

/** Decides which faults strike now. */
export class FaultInjector {
  private readonly random: Random;
  private readonly faults: { readonly fault: LineFault; left: number }[];

  constructor(faults: readonly LineFault[], random: Random) {
    this.random = random;
    this.faults = faults.map((fault) => ({ fault, left: fault.count ?? Number.POSITIVE_INFINITY }));
  }

  /** Ask once for each occasion: each answer uses up one of a fault's count. */
  strikes(name: FaultName): boolean {
    const struck = this.faults.find(
      ({ fault, left }) => fault.name === name && left > 0 && this.random() < (fault.probability ?? 1),
    );
    if (struck !== undefined) struck.left--;
    return struck !== undefined;
  }
}

function isFaultName(name: string): name is FaultName {
  return (FAULT_NAMES as readonly string[]).includes(name);
}

const MOST_NOISE = 8;

/** The frame with one bit of one byte turned over, so that it still is a frame, but with a wrong checksum. */
export function withWrongChecksum(wire: Uint8Array, random: Random): Uint8Array {
  const inner = wire.length - 2;
  const first = Math.floor(random() * inner);
  const bit = 1 << Math.floor(random() * 8);
  for (let step = 0; step < inner; step++) {
    const index = 1 + ((first + step) % inner);
    const spoiled = Uint8Array.from(wire, (byte, at) => (at === index ? byte ^ bit : byte));
    if (isControlByte(spoiled[index] ?? 0)) continue;
    const decoded = decodeFrame(wireBytes(spoiled));
    if (!decoded.ok && decoded.fault === 'checksum') return spoiled;
  }
  return wire;
}

export function firstHalf(wire: Uint8Array): Uint8Array {
  return wire.subarray(0, Math.ceil(wire.length / 2));
}

/** One to eight bytes of any value, start and stop bytes among them. */
export function noise(random: Random): Uint8Array {
  const length = 1 + Math.floor(random() * MOST_NOISE);
  return Uint8Array.from({ length }, () => Math.floor(random() * 256));
}
