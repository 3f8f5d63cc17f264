import { type ApplicationBytes, applicationBytes, fromUnsigned, toUnsigned } from '../bytes.ts';

export const GET_SERIAL_NO = 0x02;

export function encodeGetSerialNoRequest(): ApplicationBytes {
  return applicationBytes([GET_SERIAL_NO]);
}

export function encodeGetSerialNoReply(serialNumber: number): ApplicationBytes {
  return applicationBytes([GET_SERIAL_NO, ...fromUnsigned(BigInt(serialNumber), 4)]);
}

export function decodeGetSerialNoReply(data: Uint8Array): number | undefined {
  return data.length === 4 ? Number(toUnsigned(data)) : undefined;
}
