import { readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { type Clock, systemClock } from '../shared/clock.ts';
import { messageOf } from '../shared/errors.ts';
import { isMissing } from '../shared/files.ts';
import { makeFolderNow } from '../shared/folders.ts';
import type { Logger } from '../shared/logger.ts';
import { Trouble } from '../shared/trouble.ts';

/** Writes a file whole or not at all. */
export type WriteFile = (file: string, text: string) => void;

/** The files of `dataDir`. What fails is complained about, and never thrown. */
export class StateDisk {
  private readonly logger: Logger;
  private readonly writeFile: WriteFile;
  private readonly trouble: Trouble;
  /** Files that could not be written when it was tried last. */
  private readonly failing = new Set<string>();

  constructor(logger: Logger, writeFile: WriteFile = writeFileAtomic.sync, clock: Clock = systemClock) {
    this.logger = logger;
    this.trouble = new Trouble({ clock, logger }, { isState: true });
    this.writeFile = writeFile;
  }

  /** Undefined where there is none, or none that can be read. */
  read(file: string): string | undefined {
    try {
      return readFileSync(file, 'utf8');
    } catch (error) {
      if (!isMissing(error)) this.warn(`Cannot read ${file}: ${messageOf(error)}. Going on without it.`);
      return undefined;
    }
  }

  stop(): void {
    this.trouble.stop();
  }

  /** False where the disk does not take it, which is said. */
  write(file: string, text: string): boolean {
    try {
      makeFolderNow(dirname(file));
      this.writeFile(file, text);
      this.works(file);
      return true;
    } catch (error) {
      this.cannotWrite(file, error);
      return false;
    }
  }

  cannotWrite(file: string, error: unknown): void {
    const problem = messageOf(error);
    this.failing.add(file);
    this.trouble.met(
      'error',
      `Cannot write ${file}: ${problem}. Is the disk full, or dataDir not ours? Going on without memory.`,
      // `ENOSPC: no space left on device, ...`: a full disk is one trouble, whatever the file.
      problem.split(':')[0],
    );
  }

  remove(file: string): void {
    try {
      rmSync(file, { force: true });
      this.works(file);
    } catch (error) {
      this.trouble.remark(
        'error',
        `Cannot remove ${file}: ${messageOf(error)}. Is dataDir not ours?`,
        'remove',
      );
    }
  }

  private works(file: string): void {
    this.failing.delete(file);
    if (this.failing.size === 0) this.trouble.over(() => 'The files of dataDir can be written again');
  }

  /** Keeps what cannot be used for a person to look at: of each name the last one. `loss`: in a sentence. */
  setAside(file: string, why: string, loss: string): void {
    const fault = `Cannot use ${file}: ${why}`;
    try {
      renameSync(file, `${file}.bad`);
      this.warn(`${fault}. It is set aside as ${file}.bad. ${loss}`);
    } catch {
      this.warn(`${fault}. ${loss}`);
    }
  }

  warn(text: string): void {
    this.logger.warn(text);
  }
}
