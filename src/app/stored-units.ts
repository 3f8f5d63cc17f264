import type { PublishedUnits } from '../publish/converting-publisher.ts';
import type { StateStore } from '../state/state-store.ts';

/** The units that were published last, in `dataDir`: one document a meter, under its serial number. */
export class StoredUnits implements PublishedUnits {
  private readonly store: StateStore;

  constructor(store: StateStore) {
    this.store = store;
  }

  recall(serialNumber: string): Readonly<Record<string, string>> {
    const document = this.store.read(documentOf(serialNumber));
    const entries = Object.entries(document ?? {}) as [string, unknown][];
    return Object.fromEntries(
      entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    );
  }

  remember(serialNumber: string, units: Readonly<Record<string, string>>): void {
    this.store.write(documentOf(serialNumber), units);
  }

  forget(serialNumber: string): void {
    this.store.remove(documentOf(serialNumber));
  }
}

function documentOf(serialNumber: string): string {
  return `units/${serialNumber}`;
}
