import type { Clock } from '../shared/clock.ts';

export interface PacedByte {
  readonly byte: number;
  /** The end of its last bit, on the monotonic clock. */
  readonly at: number;
}

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

  /** Drops all bytes on the way, in both directions. */
  clear(): void {
    this.toMeter.clear();
    this.fromMeter.clear();
  }
}

/** Fractions of a byte time add up with rounding errors far smaller than this (milliseconds). */
const ROUNDING = 1e-6;

/**
 * One direction of a line: bytes come out one after the other, each at its own due time. Due times follow from when the
 * first byte began, so that a late timer delays nothing but what it should have delivered.
 */
class PacedQueue {
  private readonly clock: Clock;
  private readonly byteTime: number;
  private readonly deliver: (bytes: readonly PacedByte[]) => void;
  private pending: PacedByte[] = [];
  private busyUntil = Number.NEGATIVE_INFINITY;
  private cancel: (() => void) | undefined;

  constructor(clock: Clock, byteTime: number, deliver: (bytes: readonly PacedByte[]) => void) {
    this.clock = clock;
    this.byteTime = byteTime;
    this.deliver = deliver;
  }

  /** The first byte begins at `from`, or when the line is free. */
  push(bytes: Uint8Array, from: number): void {
    const begins = Math.max(from, this.busyUntil);
    bytes.forEach((byte, index) => {
      this.pending.push({ byte, at: begins + (index + 1) * this.byteTime });
    });
    this.busyUntil = begins + bytes.length * this.byteTime;
    this.arm();
  }

  /** Drops the bytes on the way. */
  clear(): void {
    this.cancel?.();
    this.cancel = undefined;
    this.pending = [];
    this.busyUntil = Number.NEGATIVE_INFINITY;
  }

  private arm(): void {
    const [first] = this.pending;
    if (first === undefined || this.cancel !== undefined) return;
    this.cancel = this.clock.after(Math.max(0, first.at - this.clock.monotonic()), () => {
      this.cancel = undefined;
      this.deliverDue();
    });
  }

  private deliverDue(): void {
    const now = this.clock.monotonic() + ROUNDING;
    const later = this.pending.findIndex(({ at }) => at > now);
    const due = this.pending.splice(0, later === -1 ? this.pending.length : later);
    this.arm();
    if (due.length > 0) this.deliver(due);
  }
}
