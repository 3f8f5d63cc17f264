import { type FileHandle, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** One line of a segment. */
export interface SegmentLine {
  /** When it was put there (milliseconds since 1970) and what; undefined where the line is damaged. */
  readonly content: { readonly time: number; readonly text: string } | undefined;
  /** Where the next line begins. */
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
export function segmentLine(time: number, text: string): string {
  return `${JSON.stringify([time, text])}\n`;
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

/** How many whole lines there are from `offset` on. */
export async function countLines(path: string, offset: number): Promise<number> {
  let count = 0;
  for (let start = offset; ; ) {
    const lines = await readLines(path, start, LOOK);
    const end = lines.at(-1)?.end;
    if (end === undefined) return count;
    count += lines.length;
    start = end;
  }
}

/** Opens a segment for more lines, without the part of a line that a crash has left at its end. */
export async function openForAppending(path: string): Promise<{ file: FileHandle; size: number }> {
  const file = await open(path, 'a+', 0o600);
  const { size } = await file.stat();
  let whole = size;
  while (whole > 0) {
    const start = Math.max(0, whole - LOOK);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(whole - start), 0, whole - start, start);
    const last = buffer.subarray(0, bytesRead).lastIndexOf(NEWLINE);
    if (last >= 0) {
      whole = start + last + 1;
      break;
    }
    whole = start;
  }
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
    const [time, text] = found as unknown[];
    return typeof time === 'number' && typeof text === 'string' ? { time, text } : undefined;
  } catch {
    return undefined;
  }
}
