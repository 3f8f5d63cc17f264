import { describe, expect, it } from 'vitest';
import { StoredMeterMemory } from '../../src/app/memory.ts';
import { MeterRegistry } from '../../src/app/meter-registry.ts';
import { StateStore } from '../../src/app/state-store.ts';
import type { MeterConfig } from '../../src/meter/config.ts';
import type { Poller } from '../../src/meter/poller.ts';
import { loadFile } from '../config/support/loading.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Two meters, of which `remembered` were seen at their ports in an earlier run. */
function registryOf(remembered: Readonly<Record<string, string>>) {
  const logger = new CollectingLogger();
  const memory = new StoredMeterMemory(new StateStore(temporaryFolder(), logger));
  for (const [serialNumber, port] of Object.entries(remembered)) {
    const place = { port, address: 0x3f };
    memory.remember({ serialNumber, ...place, type: null, present: [60], absent: [], latest: [] });
  }
  const places = ['COM1', 'COM2'].map((port) => ({ name: `At ${port}`, port }));
  const [first, second] = loadFile({ meters: places }).config.meters as [MeterConfig, MeterConfig];
  const leaving = new Map<string, () => void>();
  const registry = new MeterRegistry({
    places: [first, second],
    memory,
    logger,
    forgotten: (serialNumber, done) => leaving.set(serialNumber, done),
  });
  // The registry only hands it back.
  const poller = {} as Poller;
  return { registry, memory, leaving, logger, first, second, poller };
}

describe('a meter that left the configuration', () => {
  it('is forgotten when the broker has taken everything back, and not before', () => {
    const { registry, memory, leaving, first, second, poller } = registryOf({ '9': 'COM9' });
    registry.identified(first, '1', poller);
    registry.identified(second, '2', poller);
    expect([...leaving.keys()]).toEqual(['9']);
    expect(memory.recall('9')).toBeDefined();
    leaving.get('9')?.();
    expect(memory.recall('9')).toBeUndefined();
  });

  it('is not waited for by a place whose own meter is silent, but known', () => {
    const { registry, leaving, first, poller } = registryOf({ '9': 'COM9', '2': 'COM2' });
    registry.identified(first, '1', poller);
    expect([...leaving.keys()]).toEqual(['9']);
  });

  it('may be the one that a silent place is to show, as long as none is known there', () => {
    const { registry, leaving, first, poller } = registryOf({ '9': 'COM9' });
    registry.identified(first, '1', poller);
    expect(leaving.size).toBe(0);
  });
});

describe('two entries that reach one meter', () => {
  it('are named, and only the first one reads it', () => {
    const { registry, logger, first, second, poller } = registryOf({});
    expect(registry.identified(first, '1', poller)).toBe(true);
    expect(registry.identified(second, '1', poller)).toBe(false);
    expect(logger.said('warn')).toEqual([
      'At COM2: meter 1 is read as At COM1 (COM1) already. Remove one of the two entries.',
    ]);
  });

  it('sort themselves out when the heads were interchanged', () => {
    const { registry, first, second, poller } = registryOf({});
    registry.identified(first, '1', poller);
    registry.identified(second, '2', poller);
    expect(registry.identified(first, '2', poller)).toBe(false);
    expect(registry.identified(second, '1', poller)).toBe(true);
    expect(registry.identified(first, '2', poller)).toBe(true);
  });
});
