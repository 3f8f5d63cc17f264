import { type ApplicationBytes, applicationBytes, fromUnsigned, toUnsigned, wordAt } from './bytes.ts';
import type { Frame } from './frame.ts';
import {
  decodeIntervalLogReply,
  decodeIntervalLogRequest,
  type IntervalLogPage,
  type IntervalLogRequest,
} from './interval-log.ts';
import {
  decodeLoggerReply,
  decodeLoggerRequest,
  LOGGER,
  type LoggerReply,
  type LoggerRequest,
} from './logger.ts';
import { decodeRegisterRecords, encodeRegisterRecord, type RegisterRecord } from './register.ts';

// biome-ignore format: a table reads best in rows
/** Names of the commands by CID (5512-447 section 3.3; B8 from jktjkt/PyKMP). We send those alone that change nothing. */
const NAMES: ReadonlyMap<number, string> = new Map([
  [0x01, 'GetType'], [0x02, 'GetSerialNo'], [0x09, 'SetClock'], [0x10, 'GetRegister'], [0x11, 'PutRegister'],
  [0x92, 'Login'], [0x9b, 'GetEventStatus'], [0x9c, 'ClearEventStatus'], [0xa0, 'GetLogTimePresent'],
  [0xa1, 'GetLogLastPresent'], [0xa2, 'GetLogIDPresent'], [0xa3, 'GetLogTimePast'], [0xb8, 'Logger'],
]);

/** The command's name, or `unknown` for a CID that is not public. */
export function commandName(cid: number): string {
  return NAMES.get(cid) ?? 'unknown';
}

const GET_REGISTER = 0x10;

/** A meter answers at most eight registers a request (5512-447 section 6.2.4). */
export const MOST_REGISTERS = 8;

/** `ids`: 1 to 8 register ids, 0 to 65535; RangeError for others, which would ask for a register nobody named. */
export function encodeGetRegisterRequest(ids: readonly number[]): ApplicationBytes {
  if (ids.length < 1 || ids.length > MOST_REGISTERS) {
    throw new RangeError(`GetRegister takes 1 to ${MOST_REGISTERS} registers, not ${ids.length}`);
  }
  const stray = ids.find((id) => !Number.isInteger(id) || id < 0 || id > 0xffff);
  if (stray !== undefined) throw new RangeError(`no register has the id ${stray}`);
  return applicationBytes([GET_REGISTER, ids.length, ...ids.flatMap((id) => [id >> 8, id & 0xff])]);
}

/** Undefined where the count and the ids do not agree. */
export function decodeGetRegisterRequest(data: Uint8Array): number[] | undefined {
  const count = data[0] ?? 0;
  if (count < 1 || count > MOST_REGISTERS || data.length !== 1 + 2 * count) return undefined;
  return Array.from({ length: count }, (_, index) => wordAt(data, 1 + 2 * index));
}

export function encodeGetRegisterReply(records: readonly RegisterRecord[]): ApplicationBytes {
  return applicationBytes([GET_REGISTER, ...records.flatMap(encodeRegisterRecord)]);
}

/** Registers that the meter does not have are left out of its reply, down to an empty one. */
export function decodeGetRegisterReply(data: Uint8Array): RegisterRecord[] | undefined {
  return decodeRegisterRecords(data);
}

const GET_SERIAL_NO = 0x02;

export function encodeGetSerialNoRequest(): ApplicationBytes {
  return applicationBytes([GET_SERIAL_NO]);
}

export function encodeGetSerialNoReply(serialNumber: number): ApplicationBytes {
  return applicationBytes([GET_SERIAL_NO, ...fromUnsigned(BigInt(serialNumber), 4)]);
}

export function decodeGetSerialNoReply(data: Uint8Array): number | undefined {
  return data.length === 4 ? Number(toUnsigned(data)) : undefined;
}

const GET_TYPE = 0x01;

export interface MeterType {
  /** Public for the 601 and for electricity meters only. */
  readonly meterType: number;
  /** Letter and number, for example `F1`; null where the meter sends zeros, as a 403 does. */
  readonly softwareRevision: string | null;
}

export function encodeGetTypeRequest(): ApplicationBytes {
  return applicationBytes([GET_TYPE]);
}

export function encodeGetTypeReply({ meterType, softwareRevision }: MeterType): ApplicationBytes {
  const revision = softwareRevision === null ? [0, 0] : revisionBytes(softwareRevision);
  return applicationBytes([GET_TYPE, meterType >> 8, meterType & 0xff, ...revision]);
}

export function decodeGetTypeReply(data: Uint8Array): MeterType | undefined {
  if (data.length !== 4) return undefined;
  const [letter = 0, number = 0] = data.subarray(2);
  return { meterType: wordAt(data, 0), softwareRevision: letter === 0 ? null : letters(letter) + number };
}

/** 1 is A; beyond Z it goes on as AA, AB. */
function letters(index: number): string {
  const last = String.fromCharCode(65 + ((index - 1) % 26));
  return index > 26 ? letters(Math.floor((index - 1) / 26)) + last : last;
}

function revisionBytes(revision: string): [number, number] {
  const [, name = '', number = ''] = /^([A-Z]+)(\d+)$/.exec(revision) ?? [];
  const index = Array.from(name).reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0);
  return [index, Number(number)];
}

/** `other`: a command that this program does not speak, or content that does not fit its command. */
export type Message =
  | { readonly kind: 'get-type' }
  | ({ readonly kind: 'type' } & MeterType)
  | { readonly kind: 'get-serial-no' }
  | { readonly kind: 'serial-no'; readonly serialNumber: number }
  | { readonly kind: 'get-register'; readonly ids: readonly number[] }
  | { readonly kind: 'registers'; readonly records: readonly RegisterRecord[] }
  | LogMessage
  | { readonly kind: 'other' };

/** Of a meter's logs, in both dialects. */
export type LogMessage =
  | LoggerRequest
  | LoggerReply
  | ({ readonly kind: 'get-interval-log' } & IntervalLogRequest)
  | ({ readonly kind: 'interval-log-page' } & IntervalLogPage);

export function decodeMessage({ direction, application }: Frame): Message {
  const data = application.subarray(1);
  const message =
    direction === 'to-meter' ? decodeRequest(application[0], data) : decodeReply(application[0], data);
  return message ?? { kind: 'other' };
}

function decodeRequest(cid: number | undefined, data: Uint8Array): Message | undefined {
  if (cid === GET_TYPE && data.length === 0) return { kind: 'get-type' };
  if (cid === GET_SERIAL_NO && data.length === 0) return { kind: 'get-serial-no' };
  if (cid === LOGGER) return decodeLoggerRequest(data);
  const ids = cid === GET_REGISTER ? decodeGetRegisterRequest(data) : undefined;
  if (ids !== undefined) return { kind: 'get-register', ids };
  const log = decodeIntervalLogRequest(cid, data);
  return log && { kind: 'get-interval-log', ...log };
}

function decodeReply(cid: number | undefined, data: Uint8Array): Message | undefined {
  switch (cid) {
    case GET_TYPE: {
      const type = decodeGetTypeReply(data);
      return type && { kind: 'type', ...type };
    }
    case GET_SERIAL_NO: {
      const serialNumber = decodeGetSerialNoReply(data);
      return serialNumber === undefined ? undefined : { kind: 'serial-no', serialNumber };
    }
    case GET_REGISTER: {
      const records = decodeGetRegisterReply(data);
      return records && { kind: 'registers', records };
    }
    case LOGGER:
      return decodeLoggerReply(data);
    default: {
      const page = decodeIntervalLogReply(cid, data);
      return page && { kind: 'interval-log-page', ...page };
    }
  }
}

/**
 * `/#1`, the call of a MULTICAL III or 401, with its even parity in the eighth bit. Kitsok/ha-kamstrup_403 sends it
 * before each KMP exchange to wake its 403.
 */
export const WAKE_CALL: Uint8Array = Uint8Array.of(0xaf, 0xa3, 0xb1);
export const WAKE_CALL_BAUD_RATE = 300;
