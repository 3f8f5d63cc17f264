import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseFault } from '../../src/simulator/faults.ts';
import { PolledLine } from '../support/polled-line.ts';

const HOUR = 3_600_000;

let home: PolledLine;

beforeEach(async () => {
  home = new PolledLine();
  await home.firstReading();
});

afterEach(() => home.stop());

/** From now on the meter leaves these registers out. */
function without(...ids: readonly number[]): void {
  for (const meter of home.simulator.meters) home.simulator.removeMeter(meter);
  home.simulator.addMeter({ model: '403', registers: Object.fromEntries(ids.map((id) => [id, null])) });
}

const asked = (): readonly number[] => home.simulator.statistics.requested.at(-1) ?? [];
const quantities = (): readonly string[] =>
  home.publisher.readings.at(-1)?.latest.map(({ quantity }) => quantity) ?? [];

describe('a register that is left out of a reply', () => {
  it('once is asked for again, because one odd reply proves nothing', async () => {
    without(60);
    await home.tick('hourly');
    without();
    await home.tick('hourly');
    expect(asked()).toContain(60);
    expect(home.publisher.readings.at(-1)?.fresh.map(({ register }) => register)).toContain(60);
  });

  it('three times in a row is gone, with its last value, and not asked for any more', async () => {
    without(60);
    for (let reading = 0; reading < 3; reading++) await home.tick('hourly');
    expect(quantities()).not.toContain('heat_energy');
    expect(quantities()).toContain('volume');
    await home.tick('hourly');
    expect(asked()).not.toContain(60);
  });
});

it('what was made of a register is gone with it', async () => {
  await home.stop();
  home = new PolledLine({
    heatEnergyInKwh: true,
    fineEnergy: true,
  });
  await home.firstReading();
  await home.clock.advance(HOUR);
  await home.tick('hourly');
  expect(quantities()).toEqual(
    expect.arrayContaining(['heat_energy_kwh', 'heat_energy_fine', 'volume_fine']),
  );
  without(266);
  for (let reading = 0; reading < 3; reading++) await home.tick('hourly');
  expect(quantities()).not.toContain('heat_energy_fine');
  expect(quantities()).toEqual(expect.arrayContaining(['heat_energy_kwh', 'volume_fine']));
  without(60, 266);
  for (let reading = 0; reading < 3; reading++) await home.tick('hourly');
  expect(quantities()).not.toContain('heat_energy_kwh');
});

describe('a reply with no registers at all', () => {
  it('is a failed reading of a meter that had some, and takes nothing away', async () => {
    without(60, 68, 74, 80, 86, 87, 89, 369);
    await home.tick('hourly');
    expect(home.publisher.diagnostics.at(-1)).toMatchObject({ failedReadings: 1 });
    expect(home.publisher.diagnostics.at(-1)?.lastError).toMatch(/none of the registers/);
    without();
    await home.tick('hourly');
    expect(home.freshRegisters()).toHaveLength(8);
  });
});

describe('a reading that is asked for while the details are read', () => {
  it('comes after them', async () => {
    void home.meter.read('detail');
    await home.clock.advance(2_000);
    void home.meter.read('scheduled');
    await home.clock.runUntil(home.meter.idle());
    expect(asked()).toContain(60);
  });
});

describe('a meter whose answer to GetType was disturbed', () => {
  it('is asked again in the next session, and not for ever', async () => {
    await home.stop();
    home = new PolledLine({ meters: [{ model: '601' }] });
    home.start();
    // Its serial number comes through, its type does not.
    await home.clock.advance(200);
    home.simulator.setFaults([parseFault('checksum:1')]);
    await home.clock.runUntil(home.meter.idle());
    expect(home.publisher.identified.at(-1)?.model).toBeNull();
    home.simulator.unplug(1_000);
    await home.clock.advance(120_000);
    await home.tick('hourly');
    expect(home.publisher.identified.at(-1)?.model).toMatchObject({
      name: 'MULTICAL 601',
      certainty: 'certain',
    });
  });
});

describe('a register that the user named', () => {
  it('and the meter does not have is said once', async () => {
    await home.stop();
    home = new PolledLine({ registers: [60, 9999], detailSchedule: 'never' });
    await home.firstReading();
    for (let reading = 0; reading < 3; reading++) await home.tick('hourly');
    expect(home.logger.said('warn')).toEqual([
      'Heating: the meter does not have register 9999, which its "registers" name',
    ]);
  });
});
