import { toHex } from '../kmp/bytes.ts';
import { commandName } from '../kmp/commands/command-names.ts';
import type { Direction, Frame } from '../kmp/frame.ts';
import { FrameReader, type ReaderItem } from '../kmp/frame-reader.ts';
import { decodeMessage } from '../kmp/message.ts';
import type { RegisterRecord } from '../kmp/register-record.ts';
import { decodeRegisterValue, valueText, valueUnit } from '../kmp/register-value.ts';
import { registerInfo } from '../kmp/registers/register-table.ts';
import { Multical2MqttError } from '../shared/errors.ts';
import { parseHex } from './parse-hex.ts';

export interface ExplainedRegister {
  readonly id: number;
  readonly quantity: string;
  /** Exact decimal, ISO date or time, or text; null where the meter says "never". */
  readonly value: string | null;
  readonly unit: string;
}

/** One frame, as `decode --json` prints it. */
export interface ExplainedFrame {
  readonly hex: string;
  readonly direction: Direction;
  readonly destination?: number;
  readonly cid?: number;
  readonly command?: string;
  readonly crc: 'valid' | 'invalid';
  readonly registers?: readonly number[] | readonly ExplainedRegister[];
  readonly meterType?: number;
  readonly softwareRevision?: string | null;
  readonly serialNumber?: number;
  /** Content of a command that this program does not speak. */
  readonly data?: string;
}

export type Explained =
  | ExplainedFrame
  | { readonly hex: string; readonly ack: true }
  | { readonly hex: string; readonly stray: true };

/**
 * Every frame in a text of hex digits, in order, with what stands between them. Error `not-a-frame` for a text that is
 * not hex, and, after the frames before it, for a frame that is cut, with the place.
 */
export function* explainFrames(text: string): Generator<Explained> {
  const { bytes, placeOf } = parseHex(text);
  const reader = new FrameReader();
  let offset = 0;
  for (const item of [...reader.push(bytes), ...reader.flush()]) {
    if (item.kind === 'discarded' && item.reason === 'interrupted') {
      const end = offset + item.bytes.length;
      const what = end === bytes.length ? 'the text ends' : 'another one starts';
      const message = `The frame that starts at ${placeOf(offset)} is cut: ${what} before its last byte 0D.`;
      throw new Multical2MqttError('not-a-frame', message);
    }
    yield explain(item);
    offset += lengthOf(item);
  }
}

function lengthOf(item: ReaderItem): number {
  if (item.kind === 'ack') return 1;
  return item.kind === 'discarded' ? item.bytes.length : item.wire.length;
}

function explain(item: ReaderItem): Explained {
  switch (item.kind) {
    case 'ack':
      return { hex: '06', ack: true };
    case 'discarded':
      return item.direction === undefined
        ? { hex: toHex(item.bytes), stray: true }
        : refused(item, item.direction);
    case 'frame':
      return accepted(item.frame, item.wire);
    // Only known to a reader that was told its own request, which is not the case here.
    case 'echo':
      return { hex: toHex(item.wire), stray: true };
  }
}

/** What a damaged frame claims to be, without any of its values. */
function refused(item: Extract<ReaderItem, { kind: 'discarded' }>, direction: Direction): ExplainedFrame {
  const { bytes, claimed } = item;
  return { hex: toHex(bytes), direction, ...(claimed && headOf(claimed)), crc: 'invalid' };
}

function headOf({ destination, application }: Frame): {
  destination: number;
  cid?: number;
  command?: string;
} {
  const cid = application[0];
  return cid === undefined ? { destination } : { destination, cid, command: commandName(cid) };
}

function accepted(frame: Frame, wire: Uint8Array): ExplainedFrame {
  return {
    hex: toHex(wire),
    direction: frame.direction,
    ...headOf(frame),
    crc: 'valid',
    ...contentOf(frame),
  };
}

function contentOf(frame: Frame): Partial<ExplainedFrame> {
  const message = decodeMessage(frame);
  switch (message.kind) {
    case 'get-type':
    case 'get-serial-no':
      return {};
    case 'get-register':
      return { registers: message.ids };
    case 'registers':
      return { registers: message.records.map(explainRegister) };
    case 'type':
      return { meterType: message.meterType, softwareRevision: message.softwareRevision };
    case 'serial-no':
      return { serialNumber: message.serialNumber };
    case 'other':
      return { data: toHex(frame.application.subarray(1)) };
  }
}

function explainRegister(record: RegisterRecord): ExplainedRegister {
  const value = decodeRegisterValue(record);
  return {
    id: record.id,
    quantity: registerInfo(record.id).quantity,
    value: valueText(value),
    unit: valueUnit(value, record.unit),
  };
}
