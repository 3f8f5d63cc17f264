import { Multical2MqttError } from '../shared/errors.ts';

export interface ParsedHex {
  readonly bytes: Uint8Array;
  /** Where in the text byte `offset` stands, for a person. */
  placeOf(offset: number): string;
}

/** Between bytes; also the prefixes `0x` and `\x`. */
const SEPARATOR = /^(?:[\s,;:\-[\]()"']|0x(?=[0-9a-f])|\\x)/i;

/**
 * Bytes written as hex digits, as people paste them: with or without spaces, line breaks, commas, colons, `0x` or `\x`.
 * Error `not-a-frame` that names the place of what is not hex.
 */
export function parseHex(text: string): ParsedHex {
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
    placeOf: (offset) => place(text, places[offset] ?? text.length, offset),
  };
}

function fault(text: string, at: number): string {
  const digit = /[0-9a-f]/i.test(text[at] ?? '');
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
