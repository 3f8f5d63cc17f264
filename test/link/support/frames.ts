import {
  type ApplicationBytes,
  applicationBytes,
  type WireBytes,
  wireBytes,
} from '../../../src/kmp/bytes.ts';
import { encodeFrame, METER_ADDRESS } from '../../../src/kmp/frame.ts';
import {
  encodeGetRegisterReply,
  encodeGetSerialNoReply,
  encodeGetTypeReply,
} from '../../../src/kmp/messages.ts';
import { numberRecord, type RegisterRecord } from '../../../src/kmp/register.ts';

const CELSIUS = 37;

/** A register with two decimals and a value of 2 bytes. */
export function record(id: number, hundredths = 5365): RegisterRecord {
  return numberRecord(id, CELSIUS, BigInt(hundredths), 2, 2);
}

export function fromMeter(application: ApplicationBytes, destination = METER_ADDRESS): WireBytes {
  return encodeFrame({ direction: 'from-meter', destination, application });
}

export function serialNoReply(serialNumber: number, destination = METER_ADDRESS): WireBytes {
  return fromMeter(encodeGetSerialNoReply(serialNumber), destination);
}

export function typeReply(meterType: number): WireBytes {
  return fromMeter(encodeGetTypeReply({ meterType, softwareRevision: 'F1' }));
}

export function registersReply(ids: readonly number[], destination = METER_ADDRESS): WireBytes {
  return fromMeter(encodeGetRegisterReply(ids.map((id) => record(id))), destination);
}

/** A reply to a command that we never sent. */
export const EVENT_STATUS_REPLY = fromMeter(applicationBytes([0x9b, 0, 0, 0, 0]));

/** The same frame with one bit of its content turned over. */
export function damaged(frame: WireBytes): WireBytes {
  return wireBytes(frame.map((byte, index) => (index === 3 ? byte ^ 0x01 : byte)));
}

export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => Array.from(part)));
}
