import { Big } from 'big.js';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { UNIT } from '../../src/catalogue/units.ts';
import { InMemoryMeterStore } from '../../src/meter/meter-store.ts';
import { type Reading, readingValueText } from '../../src/readings/reading.ts';
import { PolledLine, type PolledLineOptions } from '../support/polled-line.ts';

const HOUR = 3_600_000;
const MAIN = [60, 68, 74, 80, 86, 87, 89, 369];
const SETTINGS = { heatEnergyInKwh: true, gasEquivalent: 31.6 };
const BOTH = { fineEnergy: true, meanTemperatures: true };

let home: PolledLine;

async function firstReading(options: PolledLineOptions = {}): Promise<void> {
  home = new PolledLine({ ...SETTINGS, ...options });
  await home.firstReading();
}

// Where the meter and the bridge stand: how far the day has come at the end of some hours follows from it.
beforeEach(() => {
  vi.stubEnv('TZ', 'UTC');
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await home.stop();
});

const latest = (quantity: string): Reading | undefined =>
  home.publisher.readings.at(-1)?.latest.find((reading) => reading.quantity === quantity);
const text = (quantity: string): string | null => {
  const value = latest(quantity)?.value;
  return value === undefined ? 'no reading' : readingValueText(value);
};
const big = (quantity: string): Big => new Big(text(quantity) ?? 'null');
const bytes = (): number => home.simulator.statistics.bytesIn + home.simulator.statistics.bytesOut;

/** One pair of a total and its fine register may agree by chance. */
async function secondPair(): Promise<void> {
  await home.clock.advance(HOUR);
  home.simulator.resetStatistics();
  await home.tick('daily');
}

/** Lets hours pass with a reading each. */
async function hours(count: number, each: () => void = () => {}): Promise<void> {
  for (let hour = 0; hour < count; hour++) {
    await home.clock.advance(HOUR);
    await home.tick('hourly');
    each();
  }
}

describe('the first contact', () => {
  it.each([
    ['403', 'heat_energy_high_resolution', '3.6e-6', '72'],
    ['402', 'energy_high_resolution', '3.6e-6', '216'],
    ['601', 'energy_high_resolution', '1e-6', '100'],
  ] as const)('with a %s is followed by its fine energy, from one request', async (model, register, factor, cut) => {
    await firstReading({ meters: [{ model }] });
    expect(home.simulator.statistics.requested[1]).toEqual([60, 266, 155, 68, 239, 223, 97, 110]);
    expect(latest('heat_energy_fine')).toBeUndefined();
    await secondPair();
    const fine = latest(register)?.register ?? 0;
    expect(home.simulator.statistics.requested.find((ids) => ids.includes(fine))).toContain(60);
    expect(big('heat_energy_fine').eq(big(register).times(factor).plus(cut))).toBe(true);
    const beyondTheTotal = big('heat_energy_fine').minus(big('heat_energy'));
    expect(beyondTheTotal.gte(0) && beyondTheTotal.lt('0.01')).toBe(true);
  });

  it.each(['403', '402'] as const)('with a %s is followed by its fine volume', async (model) => {
    await firstReading({ meters: [{ model }] });
    await secondPair();
    expect(big('volume_fine').minus(big('volume')).abs().lte('0.01')).toBe(true);
    expect(latest('volume_fine')?.unit).toBe('m³');
  });

  it.each([
    '403',
    '402',
    '601',
  ] as const)('with a %s tells its clock, a second or two late', async (model) => {
    await firstReading({ meters: [{ model }] });
    expect(Math.abs(Date.parse(text('meter_clock') ?? '') - home.clock.now())).toBeLessThan(5_000);
    expect(big('clock_drift').abs().lte(3)).toBe(true);
  });

  it('gives heat energy as what the settings want', async () => {
    await firstReading();
    expect(text('heat_energy_kwh')).toMatch(/^23560\.\d$/);
    expect(big('gas_equivalent').eq(big('heat_energy').times('31.6'))).toBe(true);
  });
});

describe('an hourly reading', () => {
  it('stays one request of eight, whatever could be derived', async () => {
    await firstReading();
    home.simulator.resetStatistics();
    await home.tick('hourly');
    expect(home.simulator.statistics.requested).toEqual([MAIN]);
  });

  it('is two requests in one wake-up for whoever wants the rest hourly, at less than 60 bytes more', async () => {
    await firstReading({ ...BOTH });
    await home.clock.advance(HOUR);
    home.simulator.resetStatistics();
    await home.tick('hourly');
    const { requested, wakeUps } = home.simulator.statistics;
    expect(requested).toEqual([
      [60, 266, 68, 239, 97, 110, 74, 80],
      [86, 87, 89, 369],
    ]);
    expect(wakeUps).toBe(1);
    expect(bytes()).toBeLessThan(103 + 60);
  });
});

describe('hour after hour', () => {
  it('the fine energy goes up, through wraps, and stays within a last digit of the total', async () => {
    // Twenty times as fast, so that the register wraps within four days.
    await firstReading({ meters: [{ model: '403', speed: 20 }], ...BOTH });
    let wraps = 0;
    let [before, cut] = [big('heat_energy_fine'), big('heat_energy_high_resolution')];
    await hours(90, () => {
      const [now, total] = [big('heat_energy_fine'), big('heat_energy')];
      expect(now.gte(before)).toBe(true);
      expect(now.minus(total).abs().lte('0.001')).toBe(true);
      if (big('heat_energy_high_resolution').lt(cut)) wraps++;
      [before, cut] = [now, big('heat_energy_high_resolution')];
    });
    expect(wraps).toBeGreaterThan(0);
    expect(home.logger.said('warn')).toEqual([]);
  });

  it('the fine energy is never behind the total where it is read with the details only', async () => {
    await firstReading({ meters: [{ model: '403', speed: 20 }] });
    await secondPair();
    await hours(3);
    expect(text('heat_energy_fine')).toBeNull();
    await home.tick('daily');
    expect(big('heat_energy_fine').minus(big('heat_energy')).abs().lte('0.001')).toBe(true);
  });

  it('there is what was used today and this month, and how far the water was cooled', async () => {
    // Five times as fast, because whole m³·°C say nothing of the little that one house uses in a day.
    await firstReading({ meters: [{ model: '403', speed: 5 }], ...BOTH });
    expect(latest('heat_energy_day')).toBeUndefined();
    const begin = big('heat_energy');
    await hours(32);
    // Met on the 15th: the month has no beginning.
    expect(latest('heat_energy_month')).toBeUndefined();
    expect(big('heat_energy_day').gt(0)).toBe(true);
    expect(big('heat_energy_day').lt(big('heat_energy').minus(begin))).toBe(true);
    expect(big('volume_day').gt(0)).toBe(true);
    const cooling = big('mean_cooling');
    expect(
      cooling
        .minus(big('mean_flow_temperature').minus(big('mean_return_temperature')))
        .abs()
        .lte(2),
    ).toBe(true);
    expect(cooling.gt(20) && cooling.lt(50)).toBe(true);
    expect(big('mean_cooling_day').minus(cooling).abs().lte(5)).toBe(true);
  });
});

describe('a reading of which everything is held back', () => {
  it('leaves the figures of today as they are', async () => {
    const now = Date.UTC(2026, 0, 15, 0, 1);
    await firstReading({ registers: [60], now, timezone: 'UTC' });
    expect(text('heat_energy_day')).toBe('0.000');
    for (const meter of home.simulator.meters) home.simulator.removeMeter(meter);
    const registers = { 60: { unit: UNIT.gigaJoule, length: 4, decimals: 3, source: 1000 } };
    home.simulator.addMeter({ model: '403', registers });
    await home.tick('hourly');
    expect(home.logger.said('warn').filter((line) => line.includes('held back'))).toHaveLength(1);
    expect(home.publisher.readings.at(-1)?.fresh).toEqual([]);
    expect(text('heat_energy_day')).toBe('0.000');
  });
});

describe('at midnight', () => {
  const evening = { ...SETTINGS, timezone: 'UTC', registers: [60], detailSchedule: 'never' } as const;

  it('the figures of the day that is over are taken back, with no reading and for the same time', async () => {
    await firstReading({ ...evening, now: Date.UTC(2026, 0, 15, 0, 1) });
    await hours(23);
    const [published, read] = [home.publisher.readings.length, home.simulator.statistics.requests];
    const readAt = latest('heat_energy')?.readAt;
    await home.clock.advance(HOUR);
    expect(home.simulator.statistics.requests).toBe(read);
    expect(home.publisher.readings).toHaveLength(published + 1);
    expect(home.publisher.readings.at(-1)?.fresh.map(({ quantity }) => quantity)).toEqual([
      'heat_energy_day',
    ]);
    expect(latest('heat_energy_day')).toMatchObject({ readAt, value: { kind: 'unknown' } });
    expect(home.publisher.diagnostics.at(-1)?.battery?.today.readings).toBe(0);
    await home.clock.advance(24 * HOUR);
    expect(home.publisher.readings).toHaveLength(published + 1);
  });

  it('that came while the bridge was not there, too', async () => {
    const memory = new InMemoryMeterStore();
    await firstReading({ ...evening, memory, now: Date.UTC(2026, 0, 15, 0, 1) });
    await hours(2);
    expect(text('heat_energy_day')).toMatch(/^0\.\d{3}$/);
    await home.stop();
    const now = Date.UTC(2026, 0, 16, 9);
    home = new PolledLine({ ...evening, memory, now, readOnStart: false });
    home.start();
    expect(text('heat_energy_day')).toBeNull();
    // Neither now nor at the next midnight: what is remembered may be older than what the broker keeps.
    await home.clock.advance(24 * HOUR);
    expect(home.publisher.readings.flatMap(({ fresh }) => fresh)).toEqual([]);
    await home.stop();
    expect(home.clock.pendingTimers).toBe(0);
  });
});

describe('a midnight before the first reading', () => {
  it('publishes nothing of what is remembered', async () => {
    const day = { ...SETTINGS, timezone: 'UTC', registers: [60], detailSchedule: 'never' } as const;
    const memory = new InMemoryMeterStore();
    await firstReading({ ...day, memory, now: Date.UTC(2026, 0, 15, 0, 1) });
    await hours(2);
    await home.stop();
    home = new PolledLine({ ...day, memory, now: Date.UTC(2026, 0, 15, 23), readOnStart: false });
    home.start();
    expect(text('heat_energy_day')).toMatch(/^0\.\d{3}$/);
    await home.clock.advance(2 * HOUR);
    expect(home.publisher.readings.flatMap(({ fresh }) => fresh)).toEqual([]);
  });
});

describe('after a restart', () => {
  it('with another factor for gas, the figure of the old one is not shown', async () => {
    const memory = new InMemoryMeterStore();
    await firstReading({ memory });
    await home.stop();
    home = new PolledLine({ memory, ...SETTINGS, gasEquivalent: 32, readOnStart: false });
    home.start();
    expect(text('gas_equivalent')).toBeNull();
    await home.tick('hourly');
    expect(big('gas_equivalent').eq(big('heat_energy').times(32))).toBe(true);
  });

  it('what is no longer wanted is gone', async () => {
    const memory = new InMemoryMeterStore();
    await firstReading({ memory });
    await secondPair();
    expect(latest('heat_energy_kwh')).toBeDefined();
    await home.stop();
    home = new PolledLine({ memory, ...SETTINGS, heatEnergyInKwh: false, readOnStart: false });
    home.start();
    await home.clock.advance(0);
    expect(latest('heat_energy_kwh')).toBeUndefined();
    expect(latest('gas_equivalent')).toBeDefined();
    expect(latest('heat_energy_fine')).toBeDefined();
  });
});
