import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UNIT } from '../../src/catalogue/units.ts';
import { PolledLine } from '../support/polled-line.ts';

const MINUTE = 60_000;

let home: PolledLine;
let good: string | undefined;

/** From now on the meter's heat energy stands at `thousandths` of a GJ. */
function energyReads(thousandths: number): void {
  for (const meter of home.simulator.meters) home.simulator.removeMeter(meter);
  const registers = { 60: { unit: UNIT.gigaJoule, length: 4, decimals: 3, source: thousandths } };
  home.simulator.addMeter({ model: '403', registers });
}

const heldBack = (): string[] => home.logger.said('warn').filter((line) => line.includes('held back'));

beforeEach(async () => {
  home = new PolledLine();
  await home.firstReading();
  good = home.published('heat_energy');
  home.simulator.resetStatistics();
});

afterEach(() => home.stop());

describe('a total that went back', () => {
  beforeEach(async () => {
    energyReads(1000);
    await home.tick('hourly');
  });

  it('is not published; the other values of the reading are', () => {
    expect(home.published('heat_energy')).toBe(good);
    expect(home.publisher.readings.at(-1)?.fresh.map(({ quantity }) => quantity)).toContain(
      'flow_temperature',
    );
    expect(home.publisher.diagnostics.at(-1)).toMatchObject({ doubtfulValues: 1, failedReadings: 0 });
    expect(heldBack().at(-1)).toMatch(/Heat energy went back from .* GJ to 1\.000 GJ/);
  });

  it('makes us ask whose meter it is, and for the registers once more', () => {
    expect(home.simulator.statistics).toMatchObject({ requests: 3, wakeUps: 1 });
  });

  it('is read again soon, and believed the third time', async () => {
    await home.clock.advance(2 * MINUTE);
    expect(home.published('heat_energy')).toBe(good);
    await home.clock.advance(6 * MINUTE);
    expect(home.published('heat_energy')).toBe('1.000');
  });

  it('is forgotten when the next reading fits again', async () => {
    energyReads(84_820);
    await home.clock.advance(2 * MINUTE);
    expect(home.published('heat_energy')).toBe('84.820');
  });

  it('is not read again for ever when no two readings agree', async () => {
    for (let reading = 0; reading < 60; reading++) {
      energyReads(50_000 - 1000 * reading);
      await home.clock.advance(MINUTE);
    }
    expect(home.publisher.diagnostics.at(-1)?.readings).toBeLessThan(6);
    expect(home.published('heat_energy')).toBe(good);
  });
});

describe('another meter behind the same port', () => {
  const other = { model: '403', serialNumber: 71_000_001 } as const;

  it('is another device from its first value on, even when nothing was unplugged', async () => {
    for (const meter of home.simulator.meters) home.simulator.removeMeter(meter);
    const registers = { 60: { unit: UNIT.gigaJoule, length: 4, decimals: 3, source: 5_000 } };
    home.simulator.addMeter({ ...other, registers });
    await home.tick('hourly');
    const ours = home.publisher.readings.filter(({ meter }) => meter.serialNumber !== '71000001');
    const theirs = home.publisher.readings.filter(({ meter }) => meter.serialNumber === '71000001');
    const energies = ours.flatMap(({ latest }) =>
      latest.filter(({ quantity }) => quantity === 'heat_energy'),
    );
    expect(new Set(energies.map(({ value }) => String(value.kind === 'number' && value.value)))).toEqual(
      new Set([good]),
    );
    expect(theirs.length).toBeGreaterThan(0);
    expect(home.published('heat_energy')).toBe('5.000');
    expect(home.publisher.availability).toContainEqual({ serialNumber: '84968362', online: false });
    expect(home.publisher.availability.at(-1)).toEqual({ serialNumber: '71000001', online: true });
  });

  it('begins with an account of its own', async () => {
    for (const meter of home.simulator.meters) home.simulator.removeMeter(meter);
    home.simulator.addMeter(other);
    await home.tick('daily');
    expect(home.publisher.diagnostics.at(-1)).toMatchObject({ readings: 1, wakeUps: expect.any(Number) });
    expect(home.publisher.diagnostics.at(-1)?.transactions).toBeLessThan(45);
  });

  it('is found by its number in the details, where no total gives it away', async () => {
    for (const meter of home.simulator.meters) home.simulator.removeMeter(meter);
    home.simulator.addMeter(other);
    await home.tick('daily');
    expect(home.publisher.readings.at(-1)?.meter.serialNumber).toBe('71000001');
  });
});
