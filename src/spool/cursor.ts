import { createHash } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { isMissing } from '../shared/files.ts';
import { isInteger, jsonObject } from '../shared/stored.ts';
import { type Position, segmentPath } from './segment.ts';

/** What stands in the file; where it is none or damaged, everything is sent: rather twice than never. */
export type FoundCursor = Position | 'none' | 'damaged';

/**
 * The position up to which texts were delivered: `cursor.json`. What stands before it is removed, so that one that is
 * damaged must not be believed; it has a check of its own.
 */
export class CursorFile {
  readonly path: string;
  private readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
    this.path = join(folder, 'cursor.json');
  }

  async read(): Promise<FoundCursor> {
    let text: string;
    try {
      text = await readFile(this.path, 'utf8');
    } catch (error) {
      return isMissing(error) ? 'none' : 'damaged';
    }
    const { segment, offset, check } = jsonObject(text);
    if (!isPlace(segment) || !isPlace(offset)) return 'damaged';
    const position = { segment, offset };
    // Earlier versions wrote none.
    const isSound = check === undefined ? await this.isPlaceOfLine(position) : check === checkOf(position);
    return isSound ? position : 'damaged';
  }

  write(position: Position): Promise<void> {
    return writeFileAtomic(this.path, JSON.stringify({ ...position, check: checkOf(position) }));
  }

  /** True where a line begins there, or may be written next. */
  private async isPlaceOfLine({ segment, offset }: Position): Promise<boolean> {
    try {
      const file = await open(segmentPath(this.folder, segment), 'r');
      try {
        const { buffer, bytesRead } = await file.read(Buffer.alloc(1), 0, 1, Math.max(0, offset - 1));
        return offset === 0 || (bytesRead === 1 && buffer[0] === NEWLINE);
      } finally {
        await file.close();
      }
    } catch {
      return false;
    }
  }
}

const NEWLINE = 0x0a;
const CHECK_DIGITS = 8;

function checkOf({ segment, offset }: Position): string {
  return createHash('sha256').update(`${segment} ${offset}`).digest('hex').slice(0, CHECK_DIGITS);
}

function isPlace(value: unknown): value is number {
  return isInteger(value, 0, Number.MAX_SAFE_INTEGER);
}
