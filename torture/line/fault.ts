import type { Frame } from '../../src/kmp/frame.ts';
import type { Message } from '../../src/kmp/messages.ts';
import type { RegisterRecord } from '../../src/kmp/register.ts';
import type { VirtualMeter } from '../../src/simulator/virtual-meter.ts';
import type { Chance } from '../chance.ts';

/** A reply that a fault may spoil, and the line that it goes out on. */
export interface Strike {
  readonly line: FaultyLine;
  readonly request: Message;
  readonly reply: Frame;
  /** The registers in it; none in another reply. */
  readonly records: readonly RegisterRecord[];
  /** The reply as the meter sends it. */
  readonly wire: Uint8Array;
  /** When its first byte begins, on the monotonic clock. */
  readonly from: number;
  readonly chance: Chance;
}

/** What a fault may do to a line. */
export interface FaultyLine {
  readonly byteTime: number;
  /** The meter that answers now. */
  meter: VirtualMeter;
  /** The meter that belongs there. */
  readonly own: VirtualMeter;
  /** A meter of the same model, with totals close to those of the own one. */
  readonly neighbour: VirtualMeter;
  /** A meter of the same model in another house: nothing of it fits. */
  readonly stranger: VirtualMeter;
  /** While true, no meter answers. */
  mute: boolean;
  now(): number;
  /** Puts bytes on the line to the bridge, in order, not before `from` (on the monotonic clock). */
  send(bytes: Uint8Array, from: number): void;
  /** A reply with a good checksum that says what it says for the meter: it counts as held. */
  tell(meter: VirtualMeter, ids: readonly number[], from: number): Uint8Array;
  /** Bytes to the meter, as from somebody else at the line. */
  ask(bytes: Uint8Array): void;
  unplug(duration: number): void;
  /** Ends the bridge's connections: with a reset, where there are any. */
  hangUp(): void;
  /** Counts one more occasion on which the fault was at work. */
  struck(): void;
}

/**
 * One kind of fault. A fault strikes at replies (`onReply`), at bytes of requests (`onByte`), or does something of its own
 * at the beginning and the end of its episode (`begin`).
 */
export interface LineFault {
  readonly name: string;
  /** For the table of docs/reliability.md. */
  readonly what: string;
  /** Of the replies of an episode, this share is spoiled (default 0.6). */
  readonly share?: number;
  readonly networkOnly?: boolean;
  readonly onReply?: (strike: Strike) => void;
  /** A byte of a request; false: it never reaches the meter. `at`: the end of its last bit. */
  readonly onByte?: (line: FaultyLine, byte: number, at: number, chance: Chance) => boolean;
  /** Returns what ends it. */
  readonly begin?: (line: FaultyLine, chance: Chance) => () => void;
}
