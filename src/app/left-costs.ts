import { BatteryAccount } from '../meter/battery-account.ts';
import type { BatteryUse } from '../meter/publisher.ts';
import type { Clock } from '../shared/clock.ts';
import { isWallTime, UNKNOWN_MOMENT } from '../shared/credible-clock.ts';
import type { Fields } from '../shared/stored.ts';
import { localDay } from '../shared/zoned-time.ts';
import type { DocumentKind, StateDocument } from './state-document.ts';
import type { StateStore } from './state-store.ts';

/** Behind the name of the document in which costs wait. */
export const SPENT = '.spent';

/** An account of one cost that has arisen now; empty where nobody could tell later which day it was. */
export function accountOf(use: BatteryUse, timezone: string, clock: Pick<Clock, 'now'>): BatteryAccount {
  const account = new BatteryAccount();
  const moment = clock.now();
  if (isWallTime(moment)) account.add(localDay(moment, timezone).date, use, moment);
  return account;
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

  leave(serialNumber: string, account: BatteryAccount): void {
    if (account.isEmpty || !/^\d{1,10}$/.test(serialNumber)) return;
    const document = this.document(serialNumber);
    document.write({ account: sumOf(document.read()?.account, account).toRemember() });
  }

  /** `account` with what waits for it. */
  addedTo(account: unknown, serialNumber: string): unknown {
    const left = new BatteryAccount(this.document(serialNumber).read()?.account);
    return sumOf(account, left).toRemember();
  }

  remove(serialNumber: string): void {
    this.document(serialNumber).remove();
  }

  private document(serialNumber: string): StateDocument<SpentDocument> {
    return this.store.document(`meters/${serialNumber}${SPENT}`, SPENT_DOCUMENT);
  }
}

function sumOf(remembered: unknown, further: BatteryAccount): BatteryAccount {
  const sum = new BatteryAccount(remembered);
  sum.addAll(further, further.since ?? UNKNOWN_MOMENT);
  return sum;
}

const SPENT_DOCUMENT: DocumentKind<SpentDocument> = {
  restore: ({ account }: Fields) => ({ account }),
  holds: 'what commands cost the battery of that meter since the last start of the bridge',
};
