import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SimulatedMeterOptions } from '../../src/simulator/options.ts';
import { PolledLine } from '../support/polled-line.ts';

const HOUR = 3_600_000;
const OWN = { energy: 84_817, power: 41 };
const THEIRS = { energy: 12_345, power: 77 };

let home: PolledLine;

/** A 403 that stands still, in GJ and kW. Both have the same number: no meter of ours says another one. */
function standing({ energy, power }: typeof OWN): SimulatedMeterOptions {
  return {
    model: '403',
    serialNumber: 71_000_001,
    registers: {
      60: { unit: 8, length: 4, decimals: 3, source: energy },
      80: { unit: 22, length: 2, decimals: 1, source: power },
    },
  };
}

/** Until it is undone, another meter's replies arrive at our line. */
function crosstalk(): () => void {
  const [own] = home.simulator.meters;
  if (own !== undefined) home.simulator.removeMeter(own);
  const other = home.simulator.addMeter(standing(THEIRS));
  return () => {
    home.simulator.removeMeter(other);
    home.simulator.addMeter(standing(OWN));
  };
}

const published = (quantity: string): readonly (string | undefined)[] =>
  home.publisher.readings.flatMap(({ fresh }) =>
    fresh
      .filter((reading) => reading.quantity === quantity)
      .map(({ value }) => (value.kind === 'number' ? value.value.toFixed(value.decimals) : undefined)),
  );

beforeEach(async () => {
  home = new PolledLine({ meters: [standing(OWN)] });
  await home.firstReading();
  await home.clock.advance(HOUR);
  home.simulator.resetStatistics();
});

afterEach(() => home.stop());

describe("another meter's reply, handed over by a gateway that serves several", () => {
  it('is not published, nor anything that came beside its totals', async () => {
    const undo = crosstalk();
    const reading = home.meter.read('scheduled');
    while (home.simulator.statistics.replies === 0) await home.clock.advance(10);
    undo();
    await home.clock.runUntil(reading);
    expect(new Set(published('heat_energy'))).toEqual(new Set(['84.817']));
    expect(new Set(published('power'))).toEqual(new Set(['4.1']));
  });

  it('costs nothing while totals follow from each other', async () => {
    await home.clock.runUntil(home.meter.read('scheduled'));
    expect(home.simulator.statistics.requests).toBe(1);
  });

  it('is a meter that was set anew where it says the same again', async () => {
    crosstalk();
    for (let reading = 0; reading < 3; reading++) await home.clock.runUntil(home.meter.read('scheduled'));
    expect(published('heat_energy').at(-1)).toBe('12.345');
    expect(published('power').at(-1)).toBe('7.7');
  });
});
