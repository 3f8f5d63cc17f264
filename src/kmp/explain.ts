import { registerInfo } from '../catalogue/registers.ts';
import { Multical2MqttError } from '../shared/errors.ts';
import { byteAt, toHex } from './bytes.ts';
import { type Direction, type Frame, FrameReader, type ReaderItem } from './frame.ts';
import { commandName, decodeMessage } from './messages.ts';
import { decodeRegisterValue, type RegisterRecord, valueText, valueUnit } from './register.ts';

interface ExplainedRegister {
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
  /** Set for commands that this program does not speak. */
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
  return item.kind === 'ack' ? 1 : bytesOf(item).length;
}

function bytesOf(item: Exclude<ReaderItem, { kind: 'ack' }>): Uint8Array {
  return item.kind === 'discarded' ? item.bytes : item.wire;
}

function explain(item: ReaderItem): Explained {
  if (item.kind === 'ack') return { hex: '06', ack: true };
  if (item.kind === 'frame') return accepted(item.frame, item.wire);
  if (item.kind === 'discarded' && item.direction !== undefined) return refused(item, item.direction);
  // An echo is only known to a reader that was told its own request, which is not the case here.
  return { hex: toHex(bytesOf(item)), stray: true };
}

/** Describes a damaged frame by what it claims to be, without any of its values. */
function refused(item: Extract<ReaderItem, { kind: 'discarded' }>, direction: Direction): ExplainedFrame {
  const { bytes, claimed } = item;
  return { hex: toHex(bytes), direction, ...(claimed && headOf(claimed)), crc: 'invalid' };
}

function headOf({ destination, application }: Frame) {
  const cid = byteAt(application, 0);
  return { destination, cid, command: commandName(cid) };
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

interface ParsedHex {
  readonly bytes: Uint8Array;
  /** Names the place of byte `offset` in the text, for a person. */
  placeOf(offset: number): string;
}

/** Between bytes; also the prefixes `0x` and `\x`. */
const SEPARATOR = /^(?:[\s,;:\-[\]()"']|0x(?=[0-9a-f])|\\x)/i;

/**
 * Bytes written as hex digits, as people paste them: with or without spaces, line breaks, commas, colons, `0x` or `\x`.
 * Error `not-a-frame` that names the place of what is not hex.
 */
function parseHex(text: string): ParsedHex {
  const bytes: number[] = [];
  const places: number[] = [];
  let at = 0;
  while (at < text.length) {
    const separator = SEPARATOR.exec(text.slice(at, at + 3));
    const pair = /^[0-9a-f]{2}/i.exec(text.slice(at, at + 2));
    if (separator !== null) at += separator[0].length;
    else if (pair === null) throw new Multical2MqttError('not-a-frame', fault(text, at));
    else {
      bytes.push(Number.parseInt(pair[0], 16));
      places.push(at);
      at += 2;
    }
  }
  if (bytes.length === 0)
    throw new Multical2MqttError(
      'not-a-frame',
      'There are no bytes in the text. Paste a frame as hex digits, for example 80 3F 02 35 E9 0D.',
    );
  return {
    bytes: Uint8Array.from(bytes),
    placeOf: (offset) => place(text, places[offset] as number, offset),
  };
}

function fault(text: string, at: number): string {
  const digit = /[0-9a-f]/i.test(text.charAt(at));
  const what = digit ? `a byte of one digit ("${text[at]}")` : `"${text[at]}", which is no hex digit`;
  return `Line ${lineOf(text, at)}, column ${columnOf(text, at)}: ${what}. Write every byte as two hex digits, for example 80 3F 02 35 E9 0D.`;
}

function place(text: string, at: number, offset: number): string {
  return `line ${lineOf(text, at)}, column ${columnOf(text, at)} (byte ${offset + 1})`;
}

function lineOf(text: string, at: number): number {
  return text.slice(0, at).split('\n').length;
}

function columnOf(text: string, at: number): number {
  return at - text.lastIndexOf('\n', at - 1);
}
