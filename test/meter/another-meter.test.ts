import { afterEach, describe, expect, it } from 'vitest';
import { UNIT } from '../../src/catalogue/units.ts';
import type { RegisterDefinition } from '../../src/simulator/models/meter-model.ts';
import type { SimulatedMeterOptions } from '../../src/simulator/options.ts';
import { PolledLine, type PolledLineOptions } from '../support/polled-line.ts';

const HOUR = 3_600_000;
const FIRST = '84968362';
const OTHER: SimulatedMeterOptions = { model: '403', serialNumber: 71_000_001 };

let home: PolledLine;

afterEach(() => home.stop());

/** A first reading of a 403, on a line that stays open from then on. */
async function started(options: PolledLineOptions = {}): Promise<void> {
  home = new PolledLine(options);
  await home.firstReading();
}

/** Somebody puts the head on another meter; no port closes, so that nobody is told. */
function headMovesTo(meter: SimulatedMeterOptions): void {
  for (const each of home.simulator.meters) home.simulator.removeMeter(each);
  home.simulator.addMeter(meter);
}

const publishedFor = (serialNumber: string) =>
  home.publisher.readings.filter(({ meter }) => meter.serialNumber === serialNumber);
const last = () => home.publisher.readings.at(-1);

/** All that a 403 has, taken away, and the registers of an electricity meter. */
function electricity(): SimulatedMeterOptions {
  const none = home.simulator.meters[0]?.registerIds.map((id): [number, null] => [id, null]) ?? [];
  const energy: RegisterDefinition = { unit: UNIT.kiloWattHour, length: 4, decimals: 1, source: 71_832 };
  return { ...OTHER, registers: { ...Object.fromEntries(none), 1: energy, 2: energy } };
}

describe('another meter on a line that stays open', () => {
  it('is noticed when it has none of the registers, and takes nothing away from the first', async () => {
    await started();
    headMovesTo(electricity());
    await home.tick('hourly');
    expect(last()?.meter.serialNumber).toBe('71000001');
    expect(last()?.latest.map(({ quantity }) => quantity)).toContain('active_energy_import');
    for (const { latest } of publishedFor(FIRST))
      expect(latest.map(({ quantity }) => quantity)).not.toContain('active_energy_import');
    expect(home.memory.recall(FIRST)?.present).toContain(60);
    headMovesTo({ model: '403' });
    await home.tick('hourly');
    expect(last()?.meter.serialNumber).toBe(FIRST);
    expect(home.freshRegisters()).toHaveLength(8);
  });

  it('is noticed at once when what is read could not give it away', async () => {
    await started({ registers: [80, 86, 74], detailSchedule: 'never' });
    headMovesTo(OTHER);
    await home.tick('hourly');
    expect(last()?.meter.serialNumber).toBe('71000001');
    expect(publishedFor(FIRST)).toHaveLength(1);
  });

  it('is noticed within a day when its totals are near those of the first', async () => {
    await started({ detailSchedule: 'never' });
    headMovesTo(OTHER);
    await home.clock.advance(24 * HOUR);
    await home.tick('hourly');
    expect(last()?.meter.serialNumber).toBe('71000001');
  });

  it('gets none of the values that the first one gave before the head moved', async () => {
    await started();
    headMovesTo({ model: '403', registers: { 97: definition(9_999_999) } });
    const reading = home.meter.read('detail');
    await home.clock.advance(3_000);
    headMovesTo({ ...OTHER, registers: { 97: definition(1_234_567) } });
    await home.clock.runUntil(reading);
    expect(last()?.meter.serialNumber).toBe('71000001');
    const volumes = last()?.latest.filter(({ register }) => register === 97);
    expect(volumes?.map(({ value }) => String(value.value))).toEqual(['1234567']);
  });
});

function definition(source: number): RegisterDefinition {
  return { unit: UNIT.cubicMetreCelsius, length: 4, decimals: 0, source };
}

describe('a meter that another entry of the configuration reads', () => {
  it('is not published here, and the reason is told', async () => {
    await started({ readElsewhere: true });
    expect(home.publisher.readings).toEqual([]);
    expect(home.publisher.diagnostics).toEqual([]);
    expect(home.logger.said('warn').join()).toMatch(/another entry of the configuration reads it already/);
  });
});

describe('a meter that answers without registers for a while', () => {
  it('counts as failing meanwhile, is still asked, and comes back', async () => {
    await started({ detailSchedule: 'never' });
    headMovesTo({
      model: '403',
      registers: Object.fromEntries([60, 68, 74, 80, 86, 87, 89, 99, 369].map((id) => [id, null])),
    });
    for (let reading = 0; reading < 5; reading++) await home.tick('hourly');
    expect(home.publisher.availability.at(-1)).toEqual({ serialNumber: FIRST, online: false });
    expect(home.publisher.diagnostics.at(-1)).toMatchObject({ readings: 1, failedReadings: 5 });
    headMovesTo({ model: '403' });
    await home.tick('hourly');
    expect(home.freshRegisters()).toHaveLength(8);
    expect(home.publisher.availability.at(-1)).toEqual({ serialNumber: FIRST, online: true });
  });

  it('is asked for the main registers also when an earlier run gave all of them up', async () => {
    await started({ detailSchedule: 'never' });
    const remembered = home.memory.recall(FIRST);
    if (remembered === undefined) throw new Error('nothing is remembered');
    await home.stop();
    home.memory.remember({
      ...remembered,
      present: [],
      absent: [60, 68, 74, 80, 86, 87, 89, 99, 369, 398, 399, 400],
    });
    await started({ memory: home.memory, detailSchedule: 'never' });
    expect(home.freshRegisters()).toHaveLength(8);
  });
});

describe('a meter that has nothing beyond its main registers', () => {
  it('has no failed reading at its first contact, and one wake-up', async () => {
    home = new PolledLine();
    const main = [60, 68, 74, 80, 86, 87, 89, 99];
    const rest = home.simulator.meters[0]?.registerIds.filter((id) => !main.includes(id)) ?? [];
    headMovesTo({ model: '403', registers: Object.fromEntries(rest.map((id) => [id, null])) });
    await home.firstReading();
    expect(home.publisher.diagnostics.at(-1)).toMatchObject({ readings: 1, failedReadings: 0, wakeUps: 1 });
  });
});
