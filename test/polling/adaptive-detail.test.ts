import { afterEach, describe, expect, it } from 'vitest';
import { describeMeter } from '../../src/app/meter-description.ts';
import { rememberProbe } from '../../src/app/remember-probe.ts';
import { StoredMeterMemory } from '../../src/app/stored-meter-memory.ts';
import { UNIT } from '../../src/kmp/units.ts';
import { StateStore } from '../../src/state/state-store.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { PolledLine, type PolledLineOptions } from '../support/polled-line.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const DAY = 86_400_000;
/** A customer number never changes; E8 does not either in a house without heating, but is needed. */
const CUSTOMER_NUMBER = 1010;
const E8 = 97;
const CLOCK = 1002;

const METER = {
  model: '403',
  registers: { [E8]: { unit: UNIT.cubicMetreCelsius, length: 4, decimals: 0, source: 300 } },
} as const;

let home: PolledLine;

async function firstReading(options: PolledLineOptions = {}): Promise<void> {
  home = new PolledLine({ timezone: 'UTC', meters: [METER], ...options });
  await home.firstReading();
}

afterEach(async () => {
  await home.stop();
  expect(home.clock.pendingTimers).toBe(0);
});

/** What is asked in each of the coming nights. */
async function nights(count: number): Promise<Set<number>[]> {
  const asked: Set<number>[] = [];
  for (let night = 0; night < count; night++) {
    await home.clock.advance(DAY);
    home.simulator.resetStatistics();
    await home.tick('daily');
    asked.push(new Set(home.simulator.statistics.requested.flat()));
  }
  return asked;
}

const nightsWith = (asked: readonly Set<number>[], id: number): number[] =>
  asked.flatMap((ids, index) => (ids.has(id) ? [index + 1] : []));
const every = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe('in forty nights', () => {
  it('a register that stands still is asked thirty times, and then weekly', async () => {
    await firstReading();
    const asked = await nights(46);
    const [first = new Set(), last = new Set()] = [asked[0], asked[39]];
    const still = nightsWith(asked, CUSTOMER_NUMBER);
    expect(still.slice(0, 29)).toEqual(every(1, 29));
    expect(still.length).toBeLessThanOrEqual(33);
    const [before = 0, after = 0] = still.slice(-2);
    expect(after - before).toBe(7);
    expect(nightsWith(asked, CLOCK)).toEqual(every(1, 46));
    expect(nightsWith(asked, E8)).toEqual(every(1, 46));
    expect(last.size).toBeLessThan(first.size / 2);
    // What is not asked keeps its value.
    const quantities = home.publisher.readings.at(-1)?.latest.map(({ quantity }) => quantity);
    expect(quantities).toContain('customer_number_low');
  });

  it('a restart changes nothing', async () => {
    await firstReading();
    await nights(32);
    const { memory, clock } = home;
    await home.stop();
    await firstReading({ memory, now: clock.now() });
    const [asked] = await nights(1);
    expect(asked?.has(CUSTOMER_NUMBER)).toBe(false);
    expect(asked?.has(CLOCK)).toBe(true);
  });
});

describe('a probe', () => {
  it('begins anew, and keeps the account of the battery', async () => {
    await firstReading();
    const [known] = [...home.memory.meters.values()];
    if (known === undefined) throw new Error('no meter');
    const folder = temporaryFolder();
    const logger = new CollectingLogger();
    const stored = (): StoredMeterMemory => new StoredMeterMemory(new StateStore(folder, logger));
    stored().remember(known);
    expect(stored().recall(known.serialNumber)?.details).toEqual(known.details);
    const meter = describeMeter(known.serialNumber, null);
    const result = { meter, readAt: 0, readings: [], absent: [], silent: [] };
    rememberProbe(result, { port: 'the port', address: 0x3f }, folder, logger);
    const probed = stored().recall(known.serialNumber);
    expect(probed?.details).toBeUndefined();
    expect(probed?.account).toEqual(known.account);
  });
});

describe('details that are all among the registers of the schedule', () => {
  it('do not wake the meter', async () => {
    await firstReading();
    const present = [...home.memory.meters.values()][0]?.present ?? [];
    const { memory, clock } = home;
    await home.stop();
    await firstReading({ memory, registers: present, now: clock.now() });
    home.simulator.resetStatistics();
    await home.tick('daily');
    expect(home.simulator.statistics.requests).toBe(0);
  });
});
