import { type FileHandle, open } from 'node:fs/promises';

const LINE_END = 0x0a;
const PART = 65_536;

export interface LineEnd {
  /** Bytes of the file up to and with its last line end. */
  readonly offset: number;
  /** Something comes after it: a row that was cut short, or the zeros that some file systems leave after a crash. */
  readonly isShort: boolean;
}

/** Where the last whole line of a file ends. A file that is not there has none, and nothing after it. */
export async function lastLineEnd(file: string): Promise<LineEnd> {
  let handle: FileHandle;
  try {
    handle = await open(file, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      return { offset: 0, isShort: false };
    throw error;
  }
  try {
    const { size } = await handle.stat();
    for (let end = size; end > 0; end = Math.max(0, end - PART)) {
      const begin = Math.max(0, end - PART);
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(end - begin), 0, end - begin, begin);
      const at = buffer.subarray(0, bytesRead).lastIndexOf(LINE_END);
      if (at >= 0) return { offset: begin + at + 1, isShort: begin + at + 1 < size };
    }
    return { offset: 0, isShort: size > 0 };
  } finally {
    await handle.close();
  }
}
