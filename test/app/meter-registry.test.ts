import { describe, expect, it, vi } from 'vitest';
import { StoredMeterMemory } from '../../src/app/memory.ts';
import { MeterRegistry } from '../../src/app/meter-registry.ts';
import { StateStore } from '../../src/app/state-store.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const A_DAY = 86_400_000;

/** Two meters, of which `remembered` were seen at their ports in an earlier run. */
function registryOf(remembered: Readonly<Record<string, string>>) {
  const logger = new CollectingLogger();
  const memory = new StoredMeterMemory(new StateStore(temporaryFolder(), logger));
  for (const [serialNumber, port] of Object.entries(remembered)) {
    const place = { port, address: 0x3f };
    memory.remember({ serialNumber, ...place, type: null, present: [60], absent: [], latest: [] });
  }
  const leaving = new Map<string, () => void>();
  const clock = new FakeClock();
  const registry = new MeterRegistry({
    store: memory,
    clock,
    logger,
    forgotten: (serialNumber, done) => leaving.set(serialNumber, done),
  });
  const place = (port: string) => ({
    place: { name: `At ${port}`, port, address: 0x3f },
    serialNumber: memory.lastSeenAt(port, 0x3f)?.serialNumber,
    readNow: vi.fn(),
  });
  const [first, second] = [place('COM1'), place('COM2')];
  for (const each of [first, second]) registry.add(each);
  return { registry, memory, leaving, logger, clock, first, second };
}

describe('a meter that left the configuration', () => {
  it('is forgotten when the broker has taken everything back, and not before', () => {
    const { registry, memory, leaving, first, second } = registryOf({ '9': 'COM9' });
    registry.claim(first, '1');
    registry.claim(second, '2');
    expect([...leaving.keys()]).toEqual(['9']);
    expect(memory.recall('9')).toBeDefined();
    leaving.get('9')?.();
    expect(memory.recall('9')).toBeUndefined();
  });

  it('is not waited for by a place whose own meter is silent, but known', () => {
    const { registry, leaving, first } = registryOf({ '9': 'COM9', '2': 'COM2' });
    registry.claim(first, '1');
    expect([...leaving.keys()]).toEqual(['9']);
  });

  it('may be the one that a silent place is to show, as long as none is known there', () => {
    const { registry, leaving, first } = registryOf({ '9': 'COM9' });
    registry.claim(first, '1');
    expect(leaving.size).toBe(0);
  });

  it('goes although nobody answers, where every place has a meter that is known', async () => {
    const { registry, leaving, clock } = registryOf({ '9': 'COM9', '1': 'COM1', '2': 'COM2' });
    registry.start();
    await clock.advance(29_999);
    expect(leaving.size).toBe(0);
    await clock.advance(1);
    expect([...leaving.keys()]).toEqual(['9']);
    registry.stop();
    expect(clock.pendingTimers).toBe(0);
  });

  it('has not left where it shows itself at a place of another meter, which is gone', async () => {
    const { registry, leaving, clock, first } = registryOf({ '9': 'COM9', '1': 'COM1', '2': 'COM2' });
    registry.start();
    await clock.advance(20_000);
    registry.claim(first, '9');
    await clock.advance(30 * A_DAY);
    expect(leaving.size).toBe(0);
  });

  it('is waited for, at a place that never showed one, for a week', async () => {
    const { registry, leaving, clock, first } = registryOf({ '9': 'COM9', '1': 'COM1' });
    registry.start();
    await clock.advance(6 * A_DAY);
    registry.claim(first, '1');
    expect(leaving.size).toBe(0);
    await clock.advance(A_DAY);
    expect([...leaving.keys()]).toEqual(['9']);
    expect(clock.pendingTimers).toBe(0);
  });
});

it('300 meters that show themselves cost a look at each, and no file', () => {
  const { registry, memory, leaving } = registryOf({ '999': 'COM999' });
  let recalled = 0;
  memory.recall = () => {
    recalled++;
    return undefined;
  };
  const places = Array.from({ length: 300 }, (_, index) => ({
    place: { name: `Meter ${index}`, port: `tcp://meter-${index}`, address: 0x3f },
    serialNumber: undefined,
    readNow: () => {},
  }));
  for (const place of places) registry.add(place);
  for (const [index, place] of places.entries()) expect(registry.claim(place, `${1000 + index}`)).toBe(true);
  expect(recalled).toBe(0);
  // COM1 and COM2 have not shown theirs.
  expect(leaving.size).toBe(0);
});

describe('two entries that reach one meter', () => {
  it('are named, and only the first one reads it', () => {
    const { registry, logger, first, second } = registryOf({});
    expect(registry.claim(first, '1')).toBe(true);
    expect(registry.claim(second, '1')).toBe(false);
    expect(logger.said('warn')).toEqual([
      'At COM2: meter 1 is read as At COM1 (COM1) already. Remove one of the two entries.',
    ]);
  });

  it('sort themselves out when the heads were interchanged', () => {
    const { registry, first, second } = registryOf({});
    registry.claim(first, '1');
    registry.claim(second, '2');
    expect(registry.claim(first, '2')).toBe(false);
    expect(registry.claim(second, '1')).toBe(true);
    expect(registry.claim(first, '2')).toBe(true);
  });
});

describe('"read now"', () => {
  it('reaches the place at which the meter is expected, or answered last', () => {
    const { registry, first, second } = registryOf({ '2': 'COM2' });
    registry.readNow('2');
    expect(second.readNow).toHaveBeenCalledTimes(1);
    registry.claim(first, '2');
    registry.readNow('2');
    expect(first.readNow).toHaveBeenCalledTimes(1);
    registry.readNow('3');
    expect([first, second].map(({ readNow }) => readNow.mock.calls.length)).toEqual([1, 1]);
  });
});
