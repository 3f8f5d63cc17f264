import { type FileHandle, stat } from 'node:fs/promises';
import type { Position } from './position.ts';
import { openForAppending, segmentLine, segmentPath } from './segment.ts';

/** The segment that grows. */
export class SegmentWriter {
  private readonly folder: string;
  private file: FileHandle | undefined;
  private current: number | undefined;
  private length = 0;
  /** Where a segment is to end, because what stands behind was only half written. */
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
  async append(texts: readonly { readonly time: number; readonly text: string }[]): Promise<Position[]> {
    const current = this.current;
    const file = this.file;
    if (file === undefined || current === undefined) throw new Error('no segment is open');
    const lines = texts.map(({ time, text }) => Buffer.from(segmentLine(time, text)));
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
