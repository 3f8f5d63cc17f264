import { AGAIN } from './again.ts';

/**
 * Times of one line, in milliseconds (5512-447 section 2.1; measured 9.0 to 9.1 ms a byte in golles/ha-kamstrup_403#324).
 */
export interface Timing {
  /** Bits a second. */
  readonly baudRate: number;
  /** One byte on the wire: 11 bits, 9.17 ms at 1200 baud. */
  readonly byteTime: number;
  /** A meter begins its reply within this time after the request's last byte. */
  readonly firstByte: number;
  /** Within a reply, this much silence means that the rest will not come. */
  readonly gap: number;
  /** On top of both: what adapters and networks need. */
  readonly allowance: number;
  /** Silence on the line before the next try after a failure. */
  readonly quiet: number;
  /** A line that does not fall silent for so long has more than a late reply on it: it is used as it is. */
  readonly unrest: number;
  /** A meter stays awake so long, counted from the first byte of its reply. */
  readonly awake: number;
  readonly tries: number;
}

const BITS_PER_BYTE = 11;
const SERIAL_ALLOWANCE = 100;
const NETWORK_ALLOWANCE = 500;

export function lineTiming(options: {
  readonly baudRate: number;
  readonly network: boolean;
  /** Overrules the allowance that fits the kind of line. */
  readonly allowance?: number | null;
}): Timing {
  return {
    baudRate: options.baudRate,
    byteTime: (BITS_PER_BYTE * 1000) / options.baudRate,
    firstByte: 1600,
    gap: 100,
    allowance: options.allowance ?? (options.network ? NETWORK_ALLOWANCE : SERIAL_ALLOWANCE),
    quiet: 1600,
    unrest: 10_000,
    awake: 1600,
    tries: AGAIN.requestTries,
  };
}

/**
 * For placing a head, two tries a second: a meter that is awake begins its reply within some 20 ms, and nobody wants to
 * wait for one that sleeps, nor for light that never falls silent.
 */
export function alignmentTiming(base: Timing): Timing {
  return { ...base, firstByte: 350, quiet: base.byteTime, unrest: 300, tries: AGAIN.singleTry };
}
