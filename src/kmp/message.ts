import { decodeGetRegisterReply, decodeGetRegisterRequest, GET_REGISTER } from './commands/get-register.ts';
import { decodeGetSerialNoReply, GET_SERIAL_NO } from './commands/get-serial-no.ts';
import { decodeGetTypeReply, GET_TYPE, type MeterType } from './commands/get-type.ts';
import type { Frame } from './frame.ts';
import type { RegisterRecord } from './register-record.ts';

/** What a frame says. `other`: a command that this program does not speak, or content that does not fit its command. */
export type Message =
  | { readonly kind: 'get-type' }
  | ({ readonly kind: 'type' } & MeterType)
  | { readonly kind: 'get-serial-no' }
  | { readonly kind: 'serial-no'; readonly serialNumber: number }
  | { readonly kind: 'get-register'; readonly ids: readonly number[] }
  | { readonly kind: 'registers'; readonly records: readonly RegisterRecord[] }
  | { readonly kind: 'other' };

export function decodeMessage({ direction, application }: Frame): Message {
  const data = application.subarray(1);
  const message =
    direction === 'to-meter' ? decodeRequest(application[0], data) : decodeReply(application[0], data);
  return message ?? { kind: 'other' };
}

function decodeRequest(cid: number | undefined, data: Uint8Array): Message | undefined {
  if (cid === GET_TYPE && data.length === 0) return { kind: 'get-type' };
  if (cid === GET_SERIAL_NO && data.length === 0) return { kind: 'get-serial-no' };
  const ids = cid === GET_REGISTER ? decodeGetRegisterRequest(data) : undefined;
  return ids && { kind: 'get-register', ids };
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
    default:
      return undefined;
  }
}
