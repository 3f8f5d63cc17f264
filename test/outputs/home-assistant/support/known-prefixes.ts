import type { PrefixMemory } from '../../../../src/outputs/home-assistant/former-discovery.ts';

/** Keeps them for as long as the test runs. */
export class KnownPrefixes implements PrefixMemory {
  private readonly known: Map<string, readonly string[]>;

  constructor(devices: readonly string[] = [], prefix = '') {
    this.known = new Map(devices.map((device) => [device, [prefix]]));
  }

  prefixesOf(deviceId: string): readonly string[] | undefined {
    return this.known.get(deviceId);
  }

  rememberPrefixes(deviceId: string, prefixes: readonly string[]): void {
    if (prefixes.length === 0) this.known.delete(deviceId);
    else this.known.set(deviceId, prefixes);
  }
}
