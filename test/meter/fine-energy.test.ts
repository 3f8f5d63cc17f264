import { afterEach, describe, expect, it } from 'vitest';
import { InMemoryMeterStore } from '../../src/meter/meter-store.ts';
import { FixtureMeter } from '../support/fixture-meter.ts';
import { PolledLine, type PolledLineOptions } from '../support/polled-line.ts';

const HOUR = 3_600_000;
const fixture = new FixtureMeter('602-fine.json');

let home: PolledLine;
let begun = 0;

afterEach(() => home.stop());

async function started(options: PolledLineOptions = {}): Promise<void> {
  home = new PolledLine({ meters: [fixture.options('602')], model: '602', fineEnergy: true, ...options });
  begun = home.clock.monotonic();
  await home.firstReading();
}

/** A reading so many hours after the first one. */
async function readAfter(hours: number, schedule: 'hourly' | 'daily' = 'hourly'): Promise<void> {
  for (const meter of home.simulator.meters) fixture.count(meter, hours);
  await home.clock.advance(begun + hours * HOUR - home.clock.monotonic());
  home.simulator.resetStatistics();
  await home.tick(schedule);
}

const fine = (): string | undefined => home.published('heat_energy_fine');
const asked = (): readonly number[] => home.simulator.statistics.requested.flat();
const said = (): string[] => home.logger.said('warn').filter((line) => line.includes('155'));

describe('a 602, whose register 155 counts from a day of its own', () => {
  it('has fine energy with the second reading, and all that was used since', async () => {
    await started();
    expect(fine()).toBeUndefined();
    await readAfter(1 / 60);
    expect(fine()).toBe('102.4700566');
    await readAfter(2 / 60);
    expect(fine()).toBe('102.4701133');
    expect(said()).toEqual([]);
  });

  it('has it at once after a restart', async () => {
    const memory = new InMemoryMeterStore();
    await started({ memory });
    await readAfter(1 / 60);
    await home.stop();
    await started({ memory });
    expect(fine()).toBe('102.4700566');
  });
});

describe('a register that does not count along with its total', () => {
  /** The total of the fixture stands still. */
  async function givenUp(options: PolledLineOptions = {}): Promise<void> {
    await started(options);
    for (let hour = 1; hour <= 6; hour++) await readAfter(hour);
  }

  it('is told once, costs nothing more, and the rest is read', async () => {
    await givenUp();
    expect(said()).toEqual([
      'Heating: register 155 does not count along with register 60, so that "Heat energy, fine" (heat_energy_fine) cannot come of it, and 155 is no longer read on "schedule". It is tried again after a restart, and when everything is read ("detailSchedule"); "fineEnergy": false ends this message.',
    ]);
    for (let hour = 7; hour <= 20; hour++) {
      await readAfter(hour);
      expect(asked()).toEqual([60, 68, 74, 80, 86, 87, 89, 99]);
      expect(fine()).toBeUndefined();
      expect(home.published('heat_energy')).toBe('102.470');
    }
    expect(said()).toHaveLength(1);
    // Its own value is a detail like any other.
    await readAfter(21, 'daily');
    expect(asked()).toContain(155);
    expect(home.published('energy_high_resolution')).toBe('342611.3');
  });

  it('is not on show any more where details are never read', async () => {
    await givenUp({ detailSchedule: 'never' });
    await readAfter(7);
    expect(asked()).not.toContain(155);
    const names = home.publisher.readings.at(-1)?.latest.map(({ quantity }) => quantity);
    expect(names).toContain('heat_energy');
    expect(names).not.toContain('energy_high_resolution');
    expect(names).not.toContain('heat_energy_fine');
  });

  it('is asked for again after a restart', async () => {
    const memory = new InMemoryMeterStore();
    await givenUp({ memory });
    await home.stop();
    await started({ memory });
    await readAfter(7);
    expect(asked()).toContain(155);
  });

  it('is not told of to whoever did not ask for fine energy', async () => {
    await started({ fineEnergy: false });
    for (let day = 1; day <= 7; day++) await readAfter(24 * day, 'daily');
    expect(said()).toEqual([]);
  });
});
