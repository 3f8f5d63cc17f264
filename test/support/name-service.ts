import dns from 'node:dns';
import { onTestFinished, vi } from 'vitest';

/** Until the test ends, every name has these IPv4 addresses. `undefined`: nobody answers what addresses it has. */
export function namesAre(addresses: readonly string[] | undefined): void {
  const lookup = (_name: string, _options: dns.LookupAllOptions, found: Found) => {
    if (addresses !== undefined)
      found(
        null,
        addresses.map((address) => ({ address, family: 4 })),
      );
  };
  const spy = vi.spyOn(dns, 'lookup').mockImplementation(lookup as typeof dns.lookup);
  onTestFinished(() => spy.mockRestore());
}

type Found = (error: null, addresses: dns.LookupAddress[]) => void;
