import type { FileHandle } from 'node:fs/promises';

const LINE_END = 0x0a;
const PART = 65_536;

/**
 * Bytes of a file up to and with its last line end; 0 where it has none. A crash may leave a line that was cut short
 * behind it, and some file systems leave zeros.
 */
export async function wholeLinesSize(file: FileHandle): Promise<number> {
  const { size } = await file.stat();
  for (let end = size; end > 0; end = Math.max(0, end - PART)) {
    const begin = Math.max(0, end - PART);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(end - begin), 0, end - begin, begin);
    const at = buffer.subarray(0, bytesRead).lastIndexOf(LINE_END);
    if (at >= 0) return begin + at + 1;
  }
  return 0;
}

/** There is no such file or folder. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
