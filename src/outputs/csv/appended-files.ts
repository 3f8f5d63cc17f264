import { createReadStream } from 'node:fs';
import { type FileHandle, open, readdir, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { isMissing, wholeLinesSize } from '../../shared/files.ts';
import { makeFolder } from '../../shared/folders.ts';
import type { FileRows } from './rows.ts';

const DAILY = /^multical-\d{4}-\d{2}-\d{2}\.csv$/;

/**
 * Files that are only ever appended to, and in which nothing stands but whole lines: half a number would be another
 * number. What a crash has left unfinished is cut off before anything else is written, and what could not be written in
 * full is retracted.
 */
export class AppendedFiles {
  private readonly directory: string;
  private readonly cut: (file: string) => void;
  /** The file that is known to end with a line's end. */
  private whole = '';
  /** A write that failed leaves the file at this size; it could not be cut at once. */
  private unfinished: { readonly file: string; readonly size: number } | undefined;

  /** `cut`: an unfinished line was cut off. */
  constructor(directory: string, cut: (file: string) => void) {
    this.directory = directory;
    this.cut = cut;
  }

  /** Makes the folder and looks after the newest file of a day. Errors of the file system come through, here and below. */
  async prepare(): Promise<void> {
    await makeFolder(this.directory);
    const names = (await readdir(this.directory)).filter((name) => DAILY.test(name));
    const newest = names.sort().at(-1);
    if (newest !== undefined) await this.mend(join(this.directory, newest));
  }

  /** On the disk when it resolves, with the count of rows that are new there; where it rejects, nothing of it is left. */
  async append({ file: name, header, rows, keyOf }: FileRows): Promise<number> {
    await this.retract();
    await makeFolder(this.directory);
    const file = join(this.directory, name);
    await this.mend(file);
    const handle = await open(file, 'a');
    try {
      const { size } = await handle.stat();
      const added = keyOf === undefined ? rows : await missingIn(file, rows, keyOf);
      if (added.length === 0) return 0;
      this.unfinished = { file, size };
      const lines = size === 0 ? [header, ...added] : added;
      await handle.appendFile(`${lines.join('\n')}\n`);
      await handle.sync();
      this.unfinished = undefined;
      return added.length;
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

/** The rows that the file does not hold. It is gone through once: what a meter has written down in years is too much to keep in memory. */
async function missingIn(
  file: string,
  rows: readonly string[],
  keyOf: (row: string) => string,
): Promise<readonly string[]> {
  const missing = new Map(rows.map((row) => [keyOf(row), row]));
  for await (const line of createInterface({ input: createReadStream(file) })) missing.delete(keyOf(line));
  return [...missing.values()];
}
