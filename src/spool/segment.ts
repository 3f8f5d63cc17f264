import { type FileHandle, open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { wholeLinesSize } from '../shared/files.ts';

/** A place in what waits: a segment by its number, and the byte in it. */
export interface Position {
  readonly segment: number;
  readonly offset: number;
}

export function isBefore(one: Position, other: Position): boolean {
  return one.segment < other.segment || (one.segment === other.segment && one.offset < other.offset);
}

/** What a line says. */
export interface LineContent {
  /** When it came, in milliseconds since 1970. For people only: the clock may have been wrong. */
  readonly time: number;
  readonly text: string;
  /** For how long (ms) this program had run until then, all runs together: by this it ages. */
  readonly ran: number;
}

/** One line of a segment. */
interface SegmentLine {
  /** Undefined where the line is damaged. */
  readonly content: LineContent | undefined;
  /** The next line begins at this offset. */
  readonly end: number;
}

const NEWLINE = 0x0a;
const LOOK = 65_536;

export function segmentPath(folder: string, number: number): string {
  return join(folder, `${String(number).padStart(12, '0')}.log`);
}

/** The numbers of the segments in a folder, oldest first. */
export async function segmentsIn(folder: string): Promise<number[]> {
  const numbers = (await readdir(folder)).flatMap((name) => {
    const [, digits] = /^(\d{12})\.log$/.exec(name) ?? [];
    return digits === undefined ? [] : [Number(digits)];
  });
  return numbers.sort((a, b) => a - b);
}

/** One line, with its line end: JSON, so that no text can be mistaken for two. */
function segmentLine({ time, text, ran }: LineContent): string {
  return `${JSON.stringify([time, text, ran])}\n`;
}

/**
 * Whole lines from `offset` on, as many as there are in about `size` bytes, at least one. What stands behind the last
 * line end was cut while it was written, and is no line.
 */
export async function readLines(path: string, offset: number, size: number): Promise<SegmentLine[]> {
  const file = await open(path, 'r');
  try {
    const bytes = await wholeLines(file, offset, size);
    const lines: SegmentLine[] = [];
    for (let start = 0; start < bytes.length; ) {
      const end = bytes.indexOf(NEWLINE, start) + 1;
      lines.push({ content: parsed(bytes.toString('utf8', start, end - 1)), end: offset + end });
      start = end;
    }
    return lines;
  } finally {
    await file.close();
  }
}

/** Counts the whole lines from `offset` on. `ran`: the most that one of them says; 0 for none. */
export async function countLines(path: string, offset: number): Promise<{ count: number; ran: number }> {
  let count = 0;
  let ran = 0;
  for (let start = offset; ; ) {
    const lines = await readLines(path, start, LOOK);
    const end = lines.at(-1)?.end;
    if (end === undefined) return { count, ran };
    count += lines.length;
    ran = lines.reduce((most, { content }) => Math.max(most, content?.ran ?? 0), ran);
    start = end;
  }
}

/** Opens a segment for more lines, without the part of a line that a crash has left at its end. */
async function openForAppending(path: string): Promise<{ file: FileHandle; size: number }> {
  const file = await open(path, 'a+', 0o600);
  const { size } = await file.stat();
  const whole = await wholeLinesSize(file);
  if (whole < size) await file.truncate(whole);
  return { file, size: whole };
}

async function wholeLines(file: FileHandle, offset: number, size: number): Promise<Buffer> {
  for (let wanted = size; ; wanted *= 2) {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(wanted), 0, wanted, offset);
    const last = buffer.subarray(0, bytesRead).lastIndexOf(NEWLINE);
    if (last >= 0) return buffer.subarray(0, last + 1);
    if (bytesRead < wanted) return Buffer.alloc(0);
  }
}

function parsed(line: string): SegmentLine['content'] {
  try {
    const found: unknown = JSON.parse(line);
    if (!Array.isArray(found)) return undefined;
    // Earlier versions wrote no running time: as if it had come at the very beginning.
    const [time, text, ran = 0] = found as unknown[];
    const isContent = typeof time === 'number' && typeof text === 'string' && typeof ran === 'number';
    return isContent ? { time, text, ran } : undefined;
  } catch {
    return undefined;
  }
}

/** The segment that grows. */
export class SegmentWriter {
  private readonly folder: string;
  private file: FileHandle | undefined;
  private current: number | undefined;
  private length = 0;
  /** The segment is to end here, because the rest was only half written. */
  private cut: Position | undefined;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Undefined while none is open. */
  get number(): number | undefined {
    return this.current;
  }

  /** In bytes. */
  get size(): number {
    return this.length;
  }

  /** Its size. */
  async open(number: number): Promise<number> {
    await this.close();
    const { file, size: found } = await openForAppending(segmentPath(this.folder, number));
    const size = this.cut?.segment === number ? Math.min(this.cut.offset, found) : found;
    if (size < found) await file.truncate(size);
    this.cut = undefined;
    this.file = file;
    this.current = number;
    this.length = size;
    return size;
  }

  /** The number of the one that was begun. */
  async next(): Promise<number> {
    const number = (this.current ?? 0) + 1;
    await this.open(number);
    return number;
  }

  /** Comes back when the disk has them: all, or with an error none. The positions are behind each of them. */
  async append(contents: readonly LineContent[]): Promise<Position[]> {
    const current = this.current;
    const file = this.file;
    if (file === undefined || current === undefined) throw new Error('no segment is open');
    const lines = contents.map((content) => Buffer.from(segmentLine(content)));
    try {
      await file.appendFile(Buffer.concat(lines));
      await file.datasync();
    } catch (error) {
      // A disk that becomes full in the middle has taken a part, perhaps whole lines; opening cuts them off.
      this.cut = { segment: current, offset: this.length };
      await this.close().catch(() => {});
      throw error;
    }
    return lines.map((line) => {
      this.length += line.length;
      return { segment: current, offset: this.length };
    });
  }

  /** False where somebody has removed the file, or the whole folder, under it. */
  async isThere(): Promise<boolean> {
    const current = this.current;
    const file = this.file;
    if (current === undefined || file === undefined) return false;
    const found = await stat(segmentPath(this.folder, current)).catch(() => undefined);
    return found?.ino === (await file.stat()).ino;
  }

  async close(): Promise<void> {
    const file = this.file;
    this.file = undefined;
    this.current = undefined;
    await file?.close();
  }
}

interface UsableLines {
  /** Lines in front that are damaged, or from before this program had run for `since`. */
  readonly useless: readonly SegmentLine[];
  /** The good ones behind them, up to the next damaged one. */
  readonly usable: readonly (LineContent & { readonly end: number })[];
}

/** Either list is empty where the other is not. */
export function usableLines(lines: readonly SegmentLine[], since: number): UsableLines {
  const good = lines.findIndex(({ content }) => content !== undefined && content.ran >= since);
  if (good !== 0) return { useless: good < 0 ? lines : lines.slice(0, good), usable: [] };
  const end = lines.findIndex(({ content }) => content === undefined);
  const usable = (end < 0 ? lines : lines.slice(0, end)).flatMap(({ content, end: next }) =>
    content === undefined ? [] : [{ ...content, end: next }],
  );
  return { useless: [], usable };
}
