import type { ApplicationBytes } from '../kmp/bytes.ts';
import { encodeGetRegisterRequest } from '../kmp/commands/get-register.ts';
import { encodeGetSerialNoRequest } from '../kmp/commands/get-serial-no.ts';
import { encodeGetTypeRequest, type MeterType } from '../kmp/commands/get-type.ts';
import type { Message } from '../kmp/message.ts';
import type { RegisterRecord } from '../kmp/register-record.ts';

/** A request and what counts as its reply. */
export interface MeterRequest<Reply> {
  readonly application: ApplicationBytes;
  /** Undefined for a message that is no reply to this very request, however valid it is. */
  accept(message: Message): Reply | undefined;
}

export const getType: MeterRequest<MeterType> = {
  application: encodeGetTypeRequest(),
  accept: (message) => (message.kind === 'type' ? message : undefined),
};

export const getSerialNo: MeterRequest<number> = {
  application: encodeGetSerialNoRequest(),
  accept: (message) => (message.kind === 'serial-no' ? message.serialNumber : undefined),
};

/**
 * Registers that the meter does not have are missing from the reply, which may be empty. A register that was not
 * asked for, or one that comes twice, shows that the reply belongs to another request.
 */
export function getRegisters(ids: readonly number[]): MeterRequest<readonly RegisterRecord[]> {
  return {
    application: encodeGetRegisterRequest(ids),
    accept(message) {
      if (message.kind !== 'registers') return undefined;
      const answered = new Set(message.records.map(({ id }) => id));
      const fits =
        answered.size === message.records.length && message.records.every(({ id }) => ids.includes(id));
      return fits ? message.records : undefined;
    },
  };
}
