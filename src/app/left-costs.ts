import { BatteryAccount } from '../meter/battery-account.ts';
import type { BatteryUse } from '../meter/publisher.ts';
import type { Clock } from '../shared/clock.ts';
import { isWallTime } from '../shared/credible-clock.ts';
import type { Fields } from '../shared/stored.ts';
import { localDay } from '../shared/zoned-time.ts';
import type { DocumentKind, StateDocument } from './state-document.ts';
import type { StateStore } from './state-store.ts';

/** Behind the name of the document in which costs wait. */
export const SPENT = '.spent';

/** A cost, and who bears it. */
export interface LeftCost {
  readonly serialNumber: string;
  /** Of its days. */
  readonly timezone: string;
  readonly use: BatteryUse;
}

interface SpentDocument {
  readonly account: unknown;
}

/**
 * What commands cost the batteries of meters, where no bridge could book it at once: in a document of its own beside the
 * meter's memory, which nobody but a bridge writes. The next bridge takes it in.
 */
export class LeftCosts {
  private readonly store: StateStore;

  constructor(store: StateStore) {
    this.store = store;
  }

  leave({ serialNumber, timezone, use }: LeftCost, clock: Pick<Clock, 'now'>): void {
    const now = clock.now();
    // Nobody could tell later which day it was.
    if (!isWallTime(now) || !/^\d{1,10}$/.test(serialNumber)) return;
    const document = this.document(serialNumber);
    const account = new BatteryAccount(document.read()?.account);
    account.add(localDay(now, timezone).date, use, now);
    document.write({ account: account.toRemember() });
  }

  /** `account` with what waits for it. */
  addedTo(account: unknown, serialNumber: string): unknown {
    const sum = new BatteryAccount(account);
    const left = new BatteryAccount(this.document(serialNumber).read()?.account);
    sum.addAll(left, left.since ?? 0);
    return sum.toRemember();
  }

  remove(serialNumber: string): void {
    this.document(serialNumber).remove();
  }

  private document(serialNumber: string): StateDocument<SpentDocument> {
    return this.store.document(`meters/${serialNumber}${SPENT}`, SPENT_DOCUMENT);
  }
}

const SPENT_DOCUMENT: DocumentKind<SpentDocument> = {
  restore: ({ account }: Fields) => ({ account }),
  holds: 'what commands cost the battery of that meter since the last start of the bridge',
};
