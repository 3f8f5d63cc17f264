import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { Position } from './position.ts';

/** How far what waits has been taken: `cursor.json`. */
export class CursorFile {
  private readonly path: string;

  constructor(folder: string) {
    this.path = join(folder, 'cursor.json');
  }

  /** The beginning, where there is none yet or it is damaged: rather twice than never. */
  async read(): Promise<Position> {
    try {
      const { segment, offset } = JSON.parse(await readFile(this.path, 'utf8')) as Partial<Position>;
      if (isPlace(segment) && isPlace(offset)) return { segment, offset };
    } catch {
      // As above.
    }
    return { segment: 1, offset: 0 };
  }

  write(position: Position): Promise<void> {
    return writeFileAtomic(this.path, JSON.stringify(position));
  }
}

function isPlace(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
