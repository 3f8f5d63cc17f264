import { byteAt, toHex } from './bytes.ts';
import { type ExplainedLog, explainLog } from './explained-log.ts';
import { type ExplainedRegister, explainRegister } from './explained-register.ts';
import { type Direction, type Frame, FrameReader, type ReaderItem } from './frame.ts';
import { hexParts } from './hex-text.ts';
import { commandName, decodeMessage } from './messages.ts';

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
  readonly log?: ExplainedLog;
  /** Set for commands that this program does not speak. */
  readonly data?: string;
}

export type Explained =
  | ExplainedFrame
  | { readonly hex: string; readonly ack: true }
  | { readonly hex: string; readonly stray: true };

/** What could not be explained, and why; after the frame itself where there is one. */
export interface Flaw {
  readonly flaw: string;
  readonly line: number;
}

/** Every frame in a text of hex digits or in a log, in order, with what stands between them and what is wrong. */
export function* explainFrames(text: string): Generator<Explained | Flaw> {
  let offset = 0;
  for (const part of hexParts(text)) {
    if ('wrong' in part) {
      yield { flaw: part.wrong, line: part.line };
      continue;
    }
    const reader = new FrameReader();
    const end = offset + part.bytes.length;
    let at = 0;
    for (const item of [...reader.push(part.bytes), ...reader.flush()]) {
      const { line, column } = part.placeOf(at);
      const starts = `The frame that starts at line ${line}, column ${column} (byte ${offset + at + 1})`;
      at += lengthOf(item);
      const isCut = item.kind === 'discarded' && item.reason === 'interrupted';
      if (!isCut) yield explain(item);
      const fault = faultOf(item, offset + at === end);
      if (fault !== undefined) yield { flaw: `${starts} ${fault}`, line };
    }
    offset = end;
  }
}

function faultOf(item: ReaderItem, isLast: boolean): string | undefined {
  if (item.kind !== 'discarded') return undefined;
  switch (item.reason) {
    case 'noise':
      return undefined;
    case 'interrupted':
      return `is cut: ${isLast ? 'the text ends' : 'another one starts'} before its last byte 0D.`;
    case 'checksum':
      return 'is damaged: its checksum does not fit, so its values are not shown.';
    case 'stuffing':
      return 'is damaged: an escape (1B) stands before a byte that is never escaped.';
    case 'too-short':
      return 'is damaged: it has too few bytes.';
    case 'overlong':
      return 'is damaged: it has more bytes than any frame.';
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
    default:
      return {
        log: explainLog(message),
        ...('registers' in message && { registers: message.registers }),
      };
  }
}
