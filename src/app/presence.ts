import type { AvailabilityMemory } from '../outputs/mqtt/availability.ts';
import type { GuestMemory } from '../outputs/mqtt/neighbours.ts';
import { itemsOf } from '../shared/stored.ts';
import type { DocumentKind, StateDocument } from './state-document.ts';
import type { StateStore } from './state-store.ts';

interface Presence {
  readonly online: readonly string[];
  readonly guest: string | undefined;
}

/** Where the bridge and its meters were last said to be, in `dataDir`. Only written when that changes. */
export class StoredPresence implements AvailabilityMemory, GuestMemory {
  private readonly document: StateDocument<Presence>;

  constructor(store: StateStore) {
    this.document = store.document('bridge/presence', PRESENCE);
  }

  get guest(): string | undefined {
    return this.recall().guest;
  }

  rememberGuest(guest: string | undefined): void {
    this.remember({ ...this.recall(), guest });
  }

  takeOnline(): readonly string[] {
    const { online, guest } = this.recall();
    if (online.length > 0) this.remember({ online: [], guest });
    return online;
  }

  rememberOnline(online: readonly string[]): void {
    this.remember({ ...this.recall(), online });
  }

  private recall(): Presence {
    return this.document.read() ?? { online: [], guest: undefined };
  }

  private remember(presence: Presence): void {
    if (presence.online.length === 0 && presence.guest === undefined) this.document.remove();
    else this.document.write(presence);
  }
}

const PRESENCE: DocumentKind<Presence> = {
  restore: ({ online, guest }) => ({
    online: itemsOf(online, (each) => (typeof each === 'string' ? each : undefined)),
    // It becomes a part of a topic.
    guest: typeof guest === 'string' && /^[0-9a-f]{8}$/.test(guest) ? guest : undefined,
  }),
  holds: 'which meters were there when the bridge was stopped',
};
