import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../shared/clock.ts';
import type { Logger } from '../shared/logger.ts';
import { StateDisk, type WriteFile } from './state-disk.ts';
import { type DocumentKind, StateDocument } from './state-document.ts';

const DOCUMENT = '.json';
const RECENT = '.recent.json';
/** `cursor.json.1234567`: what a program that was killed while writing left behind. */
const LEFT_OVER = /\.json\.\d+$/;
/** The folders of `dataDir` in which files are written whole or not at all. */
const FOLDERS = ['meters', 'units', 'bridge'];
const FOLDERS_OF_FOLDERS = ['waiting'];

/**
 * JSON documents in a folder. Nobody else writes them while we run. Losing them costs memory, never a reading: what
 * cannot be used is set aside, what cannot be written is complained about.
 */
export class StateStore {
  private readonly folder: string;
  private readonly disk: StateDisk;
  private readonly documents = new Map<string, StateDocument<unknown>>();

  constructor(folder: string, logger: Logger, writeFile?: WriteFile, clock?: Clock) {
    this.folder = folder;
    this.disk = new StateDisk(logger, writeFile, clock);
  }

  stop(): void {
    this.disk.stop();
  }

  /** The one with this name, whether it is there or not. */
  document<T>(name: string, kind: DocumentKind<T>): StateDocument<T> {
    const known = this.documents.get(name) as StateDocument<T> | undefined;
    if (known !== undefined) return known;
    const document = new StateDocument(join(this.folder, name), kind, this.disk);
    this.documents.set(name, document);
    return document;
  }

  /** Names of the documents in `subfolder`. */
  list(subfolder: string): string[] {
    return this.filesIn(subfolder)
      .filter((file) => file.endsWith(DOCUMENT) && !file.endsWith(RECENT))
      .map((file) => `${subfolder}/${file.slice(0, -DOCUMENT.length)}`);
  }

  /** Removes what earlier programs left half written. To be called before anything is written. */
  tidy(): void {
    const folders = FOLDERS_OF_FOLDERS.flatMap((outer) =>
      this.filesIn(outer).map((inner) => join(outer, inner)),
    );
    for (const folder of [...FOLDERS, ...folders])
      for (const file of this.filesIn(folder))
        if (LEFT_OVER.test(file)) this.disk.remove(join(this.folder, folder, file));
  }

  private filesIn(subfolder: string): string[] {
    try {
      return readdirSync(join(this.folder, subfolder));
    } catch {
      return [];
    }
  }
}
