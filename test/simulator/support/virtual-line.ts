import { type ApplicationBytes, toHex, type WireBytes } from '../../../src/kmp/bytes.ts';
import { encodeFrame, FrameReader, METER_ADDRESS } from '../../../src/kmp/frame.ts';
import {
  decodeMessage,
  encodeGetRegisterRequest,
  encodeGetSerialNoRequest,
  encodeGetTypeRequest,
  type Message,
} from '../../../src/kmp/messages.ts';
import { decodeRegisterValue, valueText } from '../../../src/kmp/register.ts';
import type { Logger } from '../../../src/shared/logger.ts';
import { parseFault } from '../../../src/simulator/faults.ts';
import type {
  SimulatedLine,
  SimulatedMeterOptions,
  SimulatorOptions,
} from '../../../src/simulator/options.ts';
import { Simulator } from '../../../src/simulator/simulator.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { safe } from '../../support/safe-text.ts';

export const silent: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  withoutSecrets: safe,
};

/** The same numbers in every run (mulberry32). */
export function seededRandom(seed = 1): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export function registerRequest(ids: readonly number[], destination = METER_ADDRESS): WireBytes {
  return request(encodeGetRegisterRequest(ids), destination);
}

export function serialNumberRequest(destination = METER_ADDRESS): WireBytes {
  return request(encodeGetSerialNoRequest(), destination);
}

export function typeRequest(destination = METER_ADDRESS): WireBytes {
  return request(encodeGetTypeRequest(), destination);
}

export function request(application: ApplicationBytes, destination = METER_ADDRESS): WireBytes {
  return encodeFrame({ direction: 'to-meter', destination, application });
}

/** What one end of a line received, and when. */
export class Listener {
  readonly bytes: { readonly byte: number; readonly at: number }[] = [];

  constructor(line: SimulatedLine, clock: FakeClock) {
    line.onData((chunk) => {
      for (const byte of chunk) this.bytes.push({ byte, at: clock.monotonic() });
    });
  }

  get hex(): string {
    return toHex(Uint8Array.from(this.bytes, ({ byte }) => byte));
  }

  /** Good frames from the meter among all that was received. */
  get replies(): Message[] {
    return new FrameReader()
      .push(Uint8Array.from(this.bytes, ({ byte }) => byte))
      .flatMap((item) =>
        item.kind === 'frame' && item.frame.direction === 'from-meter' ? [decodeMessage(item.frame)] : [],
      );
  }

  forget(): void {
    this.bytes.length = 0;
  }
}

export interface Bench {
  readonly clock: FakeClock;
  readonly simulator: Simulator;
  readonly heard: Listener;
  /** Sends and lets time pass until the line is idle (at most three seconds). */
  ask(bytes: Uint8Array, wait?: number): Promise<Message[]>;
}

/** A line with fake time, one meter unless told otherwise. */
export function bench(
  meter: Partial<SimulatedMeterOptions> = {},
  options: Partial<SimulatorOptions> & { readonly fault?: string } = {},
): Bench {
  const clock = new FakeClock();
  const { fault, ...rest } = options;
  const simulator = new Simulator({
    meters: [{ model: '403', ...meter }],
    clock,
    random: seededRandom(),
    logger: silent,
    ...(fault !== undefined && { faults: [parseFault(fault)] }),
    ...rest,
  });
  const heard = new Listener(simulator, clock);
  return {
    clock,
    simulator,
    heard,
    async ask(bytes, wait = 3000) {
      heard.forget();
      simulator.write(bytes);
      await clock.advance(wait);
      return heard.replies;
    },
  };
}

/** Register values as a person reads them, by id. */
export function texts(message: Message | undefined): Record<number, string | null> {
  if (message?.kind !== 'registers') return {};
  return Object.fromEntries(
    message.records.map((record) => [record.id, valueText(decodeRegisterValue(record))]),
  );
}
