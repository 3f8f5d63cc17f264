/** Bytes that belong together: a frame of one part does not go on in the next. */
interface HexBytes {
  readonly bytes: Uint8Array;
  /** Where byte `offset` stands. */
  placeOf(offset: number): Place;
}

export interface Place {
  /** Both counted from 1. */
  readonly line: number;
  readonly column: number;
}

/** A line that is not hex. */
interface NoHex extends Place {
  readonly wrong: string;
}

/** A line of our log, as text, as JSON, and behind whatever a journal puts before it. No hex has these letters. */
const OF_LOG = /\b(?:error|warn|info|debug)\b/;
/** A frame in it (`tcp://host:4000 < 803F...`), also where somebody cut off what stands before the port. */
const FRAME_OF_LOG = /(?:^|^\S+ |\bdebug\b.* )[<>] ([0-9a-f]{2}[^\s"]*)/i;
/** The same as the simulated meter logs it. */
const ANSWER_OF_LOG = /\bdebug\b.* answers \S+: ([0-9a-f]{2}[^\s"]*)/i;

export function isLog(text: string): boolean {
  return text.split('\n').some((line) => OF_LOG.test(line) || FRAME_OF_LOG.test(line));
}

/**
 * Bytes written as hex digits, as people paste them: with or without spaces, line breaks, commas, colons, `0x` or `\x`; or
 * our log at level debug, of which every frame is a part and everything else is left out.
 */
export function* hexParts(text: string): Generator<HexBytes | NoHex> {
  const ofLog = isLog(text);
  let open = new Part();
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const logged = ofLog ? (FRAME_OF_LOG.exec(line) ?? ANSWER_OF_LOG.exec(line)) : null;
    const [whole, hex] = [logged?.[0] ?? '', logged?.[1] ?? line];
    const before = logged === null ? 0 : logged.index + whole.length - hex.length;
    const parsed = parseLine(hex, { line: index + 1, column: before + 1 });
    if (logged !== null || 'wrong' in parsed) {
      if (!open.isEmpty) yield open;
      open = new Part();
    }
    if ('bytes' in parsed) open.add(parsed);
    else if (logged !== null || !ofLog) yield parsed;
    if (logged === null || open.isEmpty) continue;
    yield open;
    open = new Part();
  }
  if (!open.isEmpty) yield open;
}

interface ParsedLine {
  readonly bytes: readonly number[];
  readonly places: readonly Place[];
}

class Part implements HexBytes {
  private readonly collected: number[] = [];
  private readonly places: Place[] = [];

  get bytes(): Uint8Array {
    return Uint8Array.from(this.collected);
  }

  get isEmpty(): boolean {
    return this.collected.length === 0;
  }

  placeOf(offset: number): Place {
    return this.places[offset] as Place;
  }

  add({ bytes, places }: ParsedLine): void {
    for (const byte of bytes) this.collected.push(byte);
    for (const place of places) this.places.push(place);
  }
}

/** Between bytes; also the prefixes `0x` and `\x`. */
const SEPARATOR = /^(?:[\s,;:\-[\]()"']|0x(?=[0-9a-f])|\\x)/i;

function parseLine(text: string, start: Place): ParsedLine | NoHex {
  const bytes: number[] = [];
  const places: Place[] = [];
  let at = 0;
  while (at < text.length) {
    const place = { line: start.line, column: start.column + at };
    const separator = SEPARATOR.exec(text.slice(at, at + 3));
    const pair = /^[0-9a-f]{2}/i.exec(text.slice(at, at + 2));
    if (separator !== null) at += separator[0].length;
    else if (pair === null) return { ...place, wrong: noHex(text.charAt(at), place) };
    else {
      bytes.push(Number.parseInt(pair[0], 16));
      places.push(place);
      at += 2;
    }
  }
  return { bytes, places };
}

function noHex(character: string, { line, column }: Place): string {
  const isDigit = /[0-9a-f]/i.test(character);
  const what = isDigit ? `a byte of one digit ("${character}")` : `"${character}", which is no hex digit`;
  return `Line ${line}, column ${column}: ${what}. Write every byte as two hex digits, for example 80 3F 02 35 E9 0D.`;
}
