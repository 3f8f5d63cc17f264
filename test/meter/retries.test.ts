import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UNIT } from '../../src/catalogue/units.ts';
import { parseFault } from '../../src/simulator/faults.ts';
import { PolledLine, type PolledLineOptions } from '../support/polled-line.ts';

const MINUTE = 60_000;
const BURST = { above: { amount: '2', unit: 'kW' }, every: 5 * MINUTE };

let home: PolledLine;

async function firstReading(options: PolledLineOptions = {}): Promise<void> {
  home = new PolledLine({ burst: BURST, timezone: 'UTC', meters: [drawing(0)], ...options });
  await home.firstReading();
}

/** A meter that shows this power, in tenths of a kW, and totals that stand still. */
function drawing(power: number) {
  return {
    model: '403',
    registers: {
      60: { unit: UNIT.gigaJoule, length: 4, decimals: 3, source: 84_817 },
      68: { unit: UNIT.cubicMetre, length: 4, decimals: 2, source: 52_041 },
      80: { unit: UNIT.kiloWatt, length: 4, decimals: 1, source: power },
    },
  } as const;
}

function draw(power: number): void {
  for (const meter of home.simulator.meters) home.simulator.removeMeter(meter);
  home.simulator.addMeter(drawing(power));
}

async function readingsIn(minutes: number): Promise<number> {
  const before = home.publisher.readings.length;
  await home.clock.advance(minutes * MINUTE);
  await home.clock.runUntil(home.meter.idle());
  return home.publisher.readings.length - before;
}

const said = (): readonly string[] => home.logger.said('info').filter((line) => /above|schedule/.test(line));

beforeEach(() => firstReading());

afterEach(async () => {
  await home.stop();
  expect(home.clock.pendingTimers).toBe(0);
});

describe('a burst', () => {
  it('begins with a reading above the threshold, and reads every so often', async () => {
    expect(await readingsIn(60)).toBe(0);
    draw(21);
    await home.tick('hourly');
    expect(await readingsIn(31)).toBe(6);
    expect(said()).toEqual(['Heating: the power is above 2 kW; reading every 300 s until it is not']);
  });

  it('does not begin with the threshold itself', async () => {
    draw(20);
    await home.tick('hourly');
    expect(await readingsIn(60)).toBe(0);
  });

  it('ends when the power falls', async () => {
    draw(30);
    await home.tick('hourly');
    await readingsIn(11);
    draw(19);
    expect(await readingsIn(60)).toBe(1);
    expect(said().at(-1)).toBe('Heating: reading on schedule again');
  });

  it('counts the time from the last reading, whoever wanted it', async () => {
    draw(30);
    await home.tick('hourly');
    await readingsIn(4);
    await home.tick('hourly');
    expect(await readingsIn(4)).toBe(0);
    expect(await readingsIn(2)).toBe(1);
  });

  it('is not ended by the details, which have no power', async () => {
    draw(30);
    await home.tick('hourly');
    await readingsIn(1);
    await home.tick('daily');
    expect(await readingsIn(5)).toBe(1);
  });

  it('ends when a reading fails; then the tries are those of any other reading', async () => {
    draw(30);
    await home.tick('hourly');
    home.simulator.setFaults([parseFault('silence')]);
    await readingsIn(6);
    const failed = home.publisher.diagnostics.at(-1)?.failedReadings;
    expect(failed).toBe(1);
    await readingsIn(60);
    expect(home.publisher.diagnostics.at(-1)?.failedReadings).toBe(4);
    home.simulator.setFaults([]);
    expect(await readingsIn(60)).toBe(0);
  });

  it('stays within the limit of the day', async () => {
    await home.stop();
    await firstReading({ meters: [drawing(30)], maxReadingsPerDay: 4 });
    expect(await readingsIn(60)).toBe(3);
    expect(home.publisher.diagnostics.at(-1)?.battery.readingsLeftToday).toBe(0);
    expect(said().at(-1)).toBe('Heating: reading on schedule again');
  });

  it('may begin with the first reading', async () => {
    await home.stop();
    await firstReading({ meters: [drawing(30)] });
    expect(await readingsIn(6)).toBe(1);
  });
});

it('without a burst nothing is read but on schedule', async () => {
  await home.stop();
  await firstReading({ burst: null, meters: [drawing(900)] });
  expect(await readingsIn(60)).toBe(0);
});
