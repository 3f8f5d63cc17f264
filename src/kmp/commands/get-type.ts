import { type ApplicationBytes, applicationBytes, wordAt } from '../bytes.ts';

export const GET_TYPE = 0x01;

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
