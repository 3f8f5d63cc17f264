import { mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { messageOf } from '../shared/errors.ts';
import { isMissing } from '../shared/files.ts';
import type { Logger } from '../shared/logger.ts';

/** Writes a file whole or not at all. */
export type WriteFile = (file: string, text: string) => void;

/** The files of `dataDir`. What fails is complained about, and never thrown. */
export class StateDisk {
  private readonly logger: Logger;
  private readonly writeFile: WriteFile;
  private complained = false;

  constructor(logger: Logger, writeFile: WriteFile = writeFileAtomic.sync) {
    this.logger = logger;
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

  /** False where the disk does not take it, which is said once until it does. */
  write(file: string, text: string): boolean {
    try {
      mkdirSync(dirname(file), { recursive: true });
      this.writeFile(file, text);
      this.complained = false;
      return true;
    } catch (error) {
      this.cannotWrite(file, error);
      return false;
    }
  }

  cannotWrite(file: string, error: unknown): void {
    if (!this.complained)
      this.logger.error(
        `Cannot write ${file}: ${messageOf(error)}. Is the disk full, or dataDir not ours? Going on without memory.`,
      );
    this.complained = true;
  }

  remove(file: string): void {
    try {
      rmSync(file, { force: true });
    } catch (error) {
      this.logger.error(`Cannot remove ${file}: ${messageOf(error)}. Is dataDir not ours?`);
    }
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
