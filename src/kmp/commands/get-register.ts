import { type ApplicationBytes, applicationBytes, wordAt } from '../bytes.ts';
import { decodeRegisterRecords, encodeRegisterRecord, type RegisterRecord } from '../register-record.ts';

export const GET_REGISTER = 0x10;

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
