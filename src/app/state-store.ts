import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { messageOf } from '../shared/errors.ts';
import { isMissing } from '../shared/files.ts';
import type { Logger } from '../shared/logger.ts';

/**
 * JSON documents in a folder, each read once in a run and written whole or not at all. Nobody else writes them meanwhile.
 * Losing them costs memory, never a reading: what cannot be read is set aside, what cannot be written is complained about.
 */
export class StateStore {
  private readonly folder: string;
  private readonly logger: Logger;
  /** As they were read or written last, by name; undefined where there is none. Never changed in place. */
  private readonly documents = new Map<string, unknown>();
  private complained = false;

  constructor(folder: string, logger: Logger) {
    this.folder = folder;
    this.logger = logger;
  }

  /** Undefined where there is no such document, or none that can be read. */
  read(name: string): unknown {
    if (!this.documents.has(name)) this.documents.set(name, this.readFile(this.fileOf(name)));
    return this.documents.get(name);
  }

  write(name: string, document: unknown): void {
    const file = this.fileOf(name);
    try {
      const text = JSON.stringify(document, null, 1);
      // Not the document itself: whoever handed it over may go on changing it.
      this.documents.set(name, JSON.parse(text));
      mkdirSync(dirname(file), { recursive: true });
      writeFileAtomic.sync(file, `${text}\n`);
      this.complained = false;
    } catch (error) {
      if (!this.complained)
        this.logger.error(
          `Cannot write ${file}: ${messageOf(error)}. Is the disk full, or dataDir not ours? Going on without memory.`,
        );
      this.complained = true;
    }
  }

  remove(name: string): void {
    const file = this.fileOf(name);
    this.documents.set(name, undefined);
    try {
      rmSync(file, { force: true });
    } catch (error) {
      this.logger.error(`Cannot remove ${file}: ${messageOf(error)}. Is dataDir not ours?`);
    }
  }

  /** Names of the documents in `subfolder`. */
  list(subfolder: string): string[] {
    try {
      const files = readdirSync(join(this.folder, subfolder));
      return files
        .filter((file) => file.endsWith('.json'))
        .map((file) => `${subfolder}/${file.slice(0, -'.json'.length)}`);
    } catch {
      return [];
    }
  }

  private readFile(file: string): unknown {
    try {
      return JSON.parse(readFileSync(file, 'utf8'));
    } catch (error) {
      if (error instanceof SyntaxError) this.setAside(file, error);
      else if (!isMissing(error))
        this.logger.warn(`Cannot read ${file}: ${messageOf(error)}. Going on without it.`);
      return undefined;
    }
  }

  private fileOf(name: string): string {
    return join(this.folder, `${name}.json`);
  }

  private setAside(file: string, cause: unknown): void {
    const fault = `Cannot read ${file}: ${messageOf(cause)}`;
    try {
      renameSync(file, `${file}.bad`);
      this.logger.warn(`${fault}. It is set aside as ${file}.bad, and begun anew.`);
    } catch {
      this.logger.warn(`${fault}. It is begun anew.`);
    }
  }
}
