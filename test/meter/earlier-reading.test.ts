import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { InMemoryMeterStore } from '../../src/meter/meter-store.ts';
import { PolledLine, type PolledLineOptions } from '../support/polled-line.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const NINE = Date.UTC(2026, 0, 15, 9);
const TIMEZONE = 'UTC';

let home: PolledLine;
let memory: InMemoryMeterStore;

/** Another one takes the place of the one that reads now, `after` milliseconds later. */
async function again(after: number, options: PolledLineOptions = {}): Promise<void> {
  const now = home.clock.now() + after;
  await home.stop();
  home = new PolledLine({ timezone: TIMEZONE, memory, now, ...options });
  await home.firstReading();
}

beforeEach(async () => {
  home = new PolledLine({ timezone: TIMEZONE, now: NINE + 5 * MINUTE });
  memory = home.memory;
  await home.firstReading();
});

afterEach(async () => {
  await home.stop();
  expect(home.clock.pendingTimers).toBe(0);
});

describe('a meter that this program has read since its schedule wanted it', () => {
  const since = NINE + 5 * MINUTE;

  it('is not read because the bridge begins anew, and is there with its values at once', async () => {
    await again(MINUTE, { since });
    await home.clock.advance(20 * MINUTE);
    expect(home.simulator.statistics.requests).toBe(0);
    expect(home.publisher.availability).toEqual([expect.objectContaining({ online: true })]);
    expect(home.published('heat_energy')).toBeDefined();
    const { online, diagnostics, latest } = home.meter.status;
    expect(online).toBe(true);
    expect(diagnostics.lastSuccessfulReading).toBeGreaterThanOrEqual(since);
    expect(latest.length).toBeGreaterThan(20);
  });

  it('goes on by its schedule', async () => {
    await again(MINUTE, { since, byTheClock: true });
    await home.clock.advance(NINE + 60 * MINUTE - home.clock.now() - SECOND);
    expect(home.simulator.statistics.requests).toBe(0);
    await home.clock.advance(MINUTE);
    expect(home.simulator.statistics.wakeUps).toBe(1);
  });

  it('is shown as unknown in time, although nothing was read since', async () => {
    await again(MINUTE, { since });
    await home.clock.advance(4 * 60 * MINUTE);
    const power = home.publisher.readings.at(-1)?.fresh.find(({ quantity }) => quantity === 'power');
    expect(power?.value.kind).toBe('unknown');
  });

  it('is read more often on, where much power is drawn', async () => {
    const burst = { above: { amount: '0.1', unit: 'kW' }, every: 5 * MINUTE } as const;
    await again(MINUTE, { since, burst });
    expect(home.simulator.statistics.requests).toBe(0);
    await home.clock.advance(6 * MINUTE);
    expect(home.simulator.statistics.wakeUps).toBe(1);
  });

  it.each<[string, number, PolledLineOptions]>([
    ['whose time has come meanwhile', 56 * MINUTE, { since }],
    ['that an earlier run of the program has read', MINUTE, { since: since + MINUTE }],
    ['of whose reading the clock tells nothing', -MINUTE, { since }],
  ])('is read at once %s', async (_, after, options) => {
    await again(after, options);
    expect(home.simulator.statistics.wakeUps).toBe(1);
  });

  it('is read at once whose first contact was cut short', async () => {
    await home.stop();
    home = new PolledLine({ timezone: TIMEZONE, now: since });
    memory = home.memory;
    home.start();
    while (home.publisher.readings.length === 0) await home.clock.advance(100);
    await again(MINUTE, { since });
    expect(home.freshRegisters().length).toBeGreaterThan(20);
  });
});

describe('battery.minSecondsBetween', () => {
  it.each([
    [10, 4 * SECOND, 0],
    [10, 10 * SECOND, 1],
    [0, 4 * SECOND, 1],
  ])('of %d s holds across a restart %d ms later', async (minSecondsBetween, after, atOnce) => {
    await again(after, { minSecondsBetween });
    expect(home.simulator.statistics.wakeUps).toBe(atOnce);
    expect(home.meter.readNow()?.because).toBe(minSecondsBetween === 0 ? undefined : 'too-soon');
    await home.clock.advance(10 * SECOND);
    expect(home.simulator.statistics.wakeUps).toBeGreaterThanOrEqual(1);
  });

  it('is of no matter where no reading is wanted at the start', async () => {
    await again(4 * SECOND, { readOnStart: false });
    await home.clock.advance(20 * MINUTE);
    expect(home.simulator.statistics.requests).toBe(0);
  });
});
