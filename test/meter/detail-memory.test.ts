import { Big } from 'big.js';
import { afterEach, describe, expect, it } from 'vitest';
import { StoredMeterMemory } from '../../src/app/memory.ts';
import { StateStore } from '../../src/app/state-store.ts';
import { UNIT } from '../../src/catalogue/units.ts';
import { rememberProbe } from '../../src/cli/commands/probe.ts';
import { DetailMemory } from '../../src/meter/detail-memory.ts';
import { describeMeter } from '../../src/meter/meter-description.ts';
import type { Reading } from '../../src/readings/reading.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { PolledLine, type PolledLineOptions } from '../support/polled-line.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('detail memory', () => {
  const DAY = 86_400_000;
  const START = Date.UTC(2026, 0, 1);

  function reading(register: number | null, amount: number, readAt: number, unit = 'h'): Reading {
    const value = { kind: 'number', value: new Big(amount), decimals: 0 } as const;
    return { quantity: 'x', label: 'X', register, nature: 'total', value, unit, readAt };
  }

  /** Register 1004 with the same value, seen every day from the first to day `days`. */
  function still(days: number, id = 1004): DetailMemory {
    const memory = new DetailMemory();
    for (let day = 0; day <= days; day++) memory.record([reading(id, 5, START + day * DAY)]);
    return memory;
  }

  const isDue = (memory: DetailMemory, day: number, id = 1004): boolean =>
    memory.due([id], START + day * DAY).length === 1;

  describe('a register of the details', () => {
    it('is asked every time while it is new', () => {
      expect(isDue(new DetailMemory(), 0)).toBe(true);
      expect(isDue(still(0), 29)).toBe(true);
      expect(isDue(still(28), 29)).toBe(true);
    });

    it('is asked weekly once it has not changed for 30 days, even if the night begins a little earlier', () => {
      const memory = still(30);
      expect([31, 36, 37].map((day) => isDue(memory, day))).toEqual([false, false, true]);
      expect(memory.due([1004], START + 37 * DAY - 3_600_000)).toEqual([1004]);
    });

    it('is asked every time again when it has changed', () => {
      const memory = still(30);
      memory.record([reading(1004, 6, START + 37 * DAY)]);
      expect([38, 50].map((day) => isDue(memory, day))).toEqual([true, true]);
    });

    it('has changed too when its unit is another', () => {
      const memory = still(30);
      memory.record([reading(1004, 5, START + 37 * DAY, 'd')]);
      expect(isDue(memory, 38)).toBe(true);
    });

    it.each([
      60, 68, 97, 110, 155, 223, 239, 266, 267, 99, 369,
    ])('%i is asked always, because others are made of it or it tells of faults', (id) => {
      expect(isDue(still(60, id), 61, id)).toBe(true);
    });

    it('is asked when the clock was set back', () => {
      expect(isDue(still(40), 20)).toBe(true);
    });

    it('keeps its times when the clock begins in 1970', () => {
      const memory = still(30);
      memory.record([reading(1004, 5, 20_000)]);
      expect([31, 36, 37].map((day) => isDue(memory, day))).toEqual([false, false, true]);
    });

    it('that changed while the clock was not set is a new one', () => {
      const memory = still(30);
      memory.record([reading(1004, 6, 20_000)]);
      expect([31, 50].map((day) => isDue(memory, day))).toEqual([true, true]);
    });

    it('is asked once after a clock that was ten years ahead, and then as before', () => {
      const memory = still(30);
      memory.record([reading(1004, 5, START + 3_650 * DAY)]);
      expect(isDue(memory, 31)).toBe(true);
      memory.record([reading(1004, 5, START + 31 * DAY)]);
      expect([32, 37, 38].map((day) => isDue(memory, day))).toEqual([false, false, true]);
    });

    it('that the meter has lost is forgotten', () => {
      const memory = still(30);
      memory.forget(1004);
      expect(isDue(memory, 31)).toBe(true);
    });
  });

  describe('the memory', () => {
    it('survives a restart', () => {
      const memory = new DetailMemory(JSON.parse(JSON.stringify(still(30).toRemember())));
      expect([31, 37].map((day) => isDue(memory, day))).toEqual([false, true]);
    });

    it.each([
      undefined,
      'x',
      {},
      [1],
      [['a', 'b', 0, 0]],
      [[1004, 5, 0, 0]],
      [[1004, '5 h', null, 0]],
    ])('takes nothing from a file that says %j', (remembered) => {
      expect(isDue(new DetailMemory(remembered), 0)).toBe(true);
    });

    it('has nothing of what is in no register', () => {
      const memory = new DetailMemory();
      memory.record([reading(null, 5, START)]);
      expect(memory.toRemember()).toEqual([]);
    });
  });
});

describe('adaptive detail', () => {
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
      const [known] = home.memory.all();
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
      const present = home.memory.all()[0]?.present ?? [];
      const { memory, clock } = home;
      await home.stop();
      await firstReading({ memory, registers: present, now: clock.now() });
      home.simulator.resetStatistics();
      await home.tick('daily');
      expect(home.simulator.statistics.requests).toBe(0);
    });
  });
});
