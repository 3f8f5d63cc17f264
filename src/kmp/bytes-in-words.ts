import { byteAt, toHex, type WireBytes } from './bytes.ts';
import { Cutter, nameOf, recordInWords, type Stretch } from './cutter.ts';
import { type Frame, FrameReader, type ReaderItem } from './frame.ts';
import { logInWords } from './log-in-words.ts';
import { commandName, decodeMessage } from './messages.ts';

/** Every byte of what was on a line, in order. `request`: the one whose echo may be among them. */
export function bytesInWords(bytes: Uint8Array, request?: WireBytes): readonly Stretch[] {
  const reader = new FrameReader();
  if (request !== undefined) reader.expectEcho(request);
  return [...reader.push(bytes), ...reader.flush()].flatMap(stretchesOf);
}

function stretchesOf(item: ReaderItem): readonly Stretch[] {
  switch (item.kind) {
    case 'frame':
      return frameInWords(item.frame, item.wire);
    case 'echo':
      return [{ bytes: toHex(item.wire), meaning: 'our own request, which the head has thrown back' }];
    case 'ack':
      return [{ bytes: '06', meaning: 'acknowledgement' }];
    case 'discarded':
      return [{ bytes: toHex(item.bytes), meaning: flawOf(item) }];
  }
}

function flawOf({ bytes, reason }: Extract<ReaderItem, { kind: 'discarded' }>): string {
  switch (reason) {
    case 'noise':
      return toHex(bytes) === '00' ? 'a lone 00, which a meter may send unasked' : 'noise: part of no frame';
    case 'interrupted':
      return 'a frame that is cut: its last byte 0D did not come';
    case 'checksum':
      return 'a damaged frame: its checksum does not fit, so nothing in it is believed';
    case 'stuffing':
      return 'a damaged frame: an escape (1B) stands before a byte that is never escaped';
    case 'too-short':
      return 'a damaged frame: it has too few bytes';
    case 'overlong':
      return 'more bytes than any frame has';
  }
}

function frameInWords(frame: Frame, wire: WireBytes): readonly Stretch[] {
  const cut = new Cutter(wire);
  const { direction, destination, application } = frame;
  const isRequest = direction === 'to-meter';
  return [
    cut.next(1, isRequest ? 'a request begins' : 'a reply begins'),
    cut.next(1, `${isRequest ? 'to' : 'of'} the meter with address ${destination}`),
    cut.next(1, `command ${commandName(byteAt(application, 0))}`),
    ...contentInWords(frame, cut),
    cut.next(2, 'checksum, which fits'),
    cut.next(1, 'the end'),
  ];
}

function contentInWords(frame: Frame, cut: Cutter): readonly Stretch[] {
  const message = decodeMessage(frame);
  switch (message.kind) {
    case 'get-type':
    case 'get-serial-no':
      return [];
    case 'get-register':
      return [
        cut.next(1, `number of registers: ${message.ids.length}`),
        ...message.ids.map((id) => cut.next(2, nameOf(id))),
      ];
    case 'registers':
      return message.records.flatMap((record) => recordInWords(record, cut));
    case 'type':
      return [
        cut.next(2, `type ${message.meterType}`),
        cut.next(2, `software revision: ${message.softwareRevision ?? 'none'}`),
      ];
    case 'serial-no':
      return [cut.next(4, `serial number ${message.serialNumber}`)];
    case 'other': {
      const { length } = frame.application;
      return length === 1 ? [] : [cut.next(length - 1, 'data that this program does not know')];
    }
    default:
      return logInWords(message, cut, frame.application.length - 1);
  }
}
