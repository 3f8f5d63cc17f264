import type { PrefixMemory } from '../outputs/home-assistant/former-discovery.ts';
import { itemsOf, membersOf } from '../shared/stored.ts';
import type { DocumentKind, StateDocument } from './state-document.ts';
import type { StateStore } from './state-store.ts';

type Prefixes = Readonly<Record<string, readonly string[]>>;

/** Below which prefixes Home Assistant was told of each device, in `dataDir`. Only written when that changes. */
export class StoredPrefixes implements PrefixMemory {
  private readonly document: StateDocument<Prefixes>;

  constructor(store: StateStore) {
    this.document = store.document('bridge/discovery', PREFIXES);
  }

  prefixesOf(deviceId: string): readonly string[] | undefined {
    return this.recall()[deviceId];
  }

  rememberPrefixes(deviceId: string, prefixes: readonly string[]): void {
    const { [deviceId]: known, ...others } = this.recall();
    if (prefixes.join('\n') === (known ?? []).join('\n')) return;
    const all = prefixes.length === 0 ? others : { ...others, [deviceId]: prefixes };
    if (Object.keys(all).length === 0) this.document.remove();
    else this.document.write(all);
  }

  private recall(): Prefixes {
    return this.document.read() ?? {};
  }
}

/** They become parts of topics, at which something is emptied. */
const PREFIX = /^[^+#\0]{1,200}$/;

const PREFIXES: DocumentKind<Prefixes> = {
  restore: (document) =>
    membersOf(document, (prefixes) =>
      itemsOf(prefixes, (each) => (typeof each === 'string' && PREFIX.test(each) ? each : undefined)),
    ),
  holds: 'below which prefix Home Assistant was told of each meter',
};
