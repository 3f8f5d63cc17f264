import type { WriteFile } from '../../../src/app/state-disk.ts';
import type { StateDocument } from '../../../src/app/state-document.ts';
import { StateStore } from '../../../src/app/state-store.ts';
import { CollectingLogger } from '../../support/collecting-logger.ts';

/** Reads and writes documents that hold anything. */
export class AnyDocuments {
  private readonly store: StateStore;

  constructor(store: StateStore) {
    this.store = store;
  }

  read(name: string): unknown {
    return this.document(name).read();
  }

  write(name: string, document: object): void {
    this.document(name).write(document);
  }

  remove(name: string): void {
    this.document(name).remove();
  }

  private document(name: string): StateDocument<unknown> {
    return this.store.document(name, { restore: (document) => document, holds: 'everything' });
  }
}

export interface Opened {
  readonly store: AnyDocuments;
  readonly files: StateStore;
  readonly logger: CollectingLogger;
}

export function storeIn(folder: string, writeFile?: WriteFile): Opened {
  const logger = new CollectingLogger();
  const files = new StateStore(folder, logger, writeFile);
  return { store: new AnyDocuments(files), files, logger };
}
