import { type FileHandle, mkdir, open, readdir, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing, wholeLinesSize } from '../../shared/files.ts';
import type { DayRows } from './rows.ts';

const NAME = /^multical-\d{4}-\d{2}-\d{2}\.csv$/;

/**
 * A file a day that is only ever appended to, and in which nothing stands but whole lines: half a number would be
 * another number. What a crash has left unfinished is cut off before anything else is written, and what could not be
 * written in full is retracted.
 */
export class DailyFiles {
  private readonly directory: string;
  private readonly header: string;
  private readonly cut: (file: string) => void;
  /** The file that is known to end with a line's end. */
  private whole = '';
  /** A write that failed leaves the file at this size; it could not be cut at once. */
  private unfinished: { readonly file: string; readonly size: number } | undefined;

  /** `cut`: an unfinished line was cut off. */
  constructor(directory: string, header: string, cut: (file: string) => void) {
    this.directory = directory;
    this.header = header;
    this.cut = cut;
  }

  /** Makes the folder and looks after the newest file. Errors of the file system come through, here and below. */
  async prepare(): Promise<void> {
    await mkdir(this.directory, { recursive: true });
    const names = (await readdir(this.directory)).filter((name) => NAME.test(name));
    const newest = names.sort().at(-1);
    if (newest !== undefined) await this.mend(join(this.directory, newest));
  }

  /** On the disk when it resolves; where it rejects, nothing of it is left. */
  async append({ date, rows }: DayRows): Promise<void> {
    await this.retract();
    await mkdir(this.directory, { recursive: true });
    const file = join(this.directory, `multical-${date}.csv`);
    await this.mend(file);
    const handle = await open(file, 'a');
    try {
      const { size } = await handle.stat();
      this.unfinished = { file, size };
      const lines = size === 0 ? [this.header, ...rows] : rows;
      await handle.appendFile(`${lines.join('\n')}\n`);
      await handle.sync();
      this.unfinished = undefined;
    } finally {
      await handle.close();
      // The error that counts is the first one; what stays is retracted next time.
      await this.retract().catch(() => {});
    }
  }

  private async retract(): Promise<void> {
    if (this.unfinished === undefined) return;
    const { file, size } = this.unfinished;
    try {
      await truncate(file, size);
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
    this.unfinished = undefined;
  }

  private async mend(file: string): Promise<void> {
    if (this.whole === file) return;
    if (await cutUnfinishedLine(file)) this.cut(file);
    this.whole = file;
  }
}

/** False where nothing was cut, or there is no such file. */
async function cutUnfinishedLine(path: string): Promise<boolean> {
  let file: FileHandle;
  try {
    file = await open(path, 'r');
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
  try {
    const size = await wholeLinesSize(file);
    if (size === (await file.stat()).size) return false;
    await truncate(path, size);
    return true;
  } finally {
    await file.close();
  }
}
