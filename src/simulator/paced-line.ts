import type { Clock } from '../shared/clock.ts';
import { type PacedByte, PacedQueue } from './paced-queue.ts';

/** One start bit, eight data bits, two stop bits. */
const BITS_PER_BYTE = 11;

interface PacedLineOptions {
  readonly clock: Clock;
  /** `Infinity`: bytes take no time. */
  readonly baudRate: number;
  readonly onByteToMeter: (byte: PacedByte) => void;
  readonly onBytesFromMeter: (bytes: Uint8Array) => void;
}

/**
 *   write() ──▶ to the meter, a byte every 9.17 ms at 1200 baud ──▶ onByteToMeter
 *   onBytesFromMeter ◀── from the meter, as fast ◀── send()
 *
 * A pseudo-terminal and a socket know no line speed, so the wire's timing comes from here.
 */
export class PacedLine {
  /** Milliseconds. */
  readonly byteTime: number;
  private readonly clock: Clock;
  private readonly toMeter: PacedQueue;
  private readonly fromMeter: PacedQueue;

  constructor({ clock, baudRate, onByteToMeter, onBytesFromMeter }: PacedLineOptions) {
    this.byteTime = (BITS_PER_BYTE * 1000) / baudRate;
    this.clock = clock;
    this.toMeter = new PacedQueue(clock, this.byteTime, (bytes) => bytes.forEach(onByteToMeter));
    this.fromMeter = new PacedQueue(clock, this.byteTime, (bytes) =>
      onBytesFromMeter(Uint8Array.from(bytes, ({ byte }) => byte)),
    );
  }

  write(bytes: Uint8Array): void {
    this.toMeter.push(bytes, this.clock.monotonic());
  }

  /** `from`: when the first byte begins, on the monotonic clock. */
  send(bytes: Uint8Array, from: number): void {
    this.fromMeter.push(bytes, from);
  }

  /** Everything on the way is lost. */
  clear(): void {
    this.toMeter.clear();
    this.fromMeter.clear();
  }
}
