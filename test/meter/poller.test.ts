import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PolledLine, type PolledLineOptions } from '../support/polled-line.ts';

const MAIN = [60, 68, 74, 80, 86, 87, 89, 99];
/** A known 403 is asked for its info bits, whose meaning is public. */
const MAIN_403 = [60, 68, 74, 80, 86, 87, 89, 369];

let home: PolledLine;

async function firstReading(options: PolledLineOptions = {}): Promise<void> {
  home = new PolledLine(options);
  await home.firstReading();
}

afterEach(async () => {
  await home.stop();
  expect(home.clock.pendingTimers).toBe(0);
});

describe('the first contact with a meter', () => {
  it('publishes the main registers first, then everything else that it learnt, in one wake-up', async () => {
    await firstReading();
    expect(home.freshRegisters(0)).toEqual(MAIN);
    expect(home.freshRegisters(1).length).toBeGreaterThan(20);
    expect(home.publisher.diagnostics.at(-1)).toMatchObject({ readings: 1, wakeUps: 1, retries: 0 });
    expect(home.simulator.statistics.wakeUps).toBe(1);
  });

  it('says who the meter is before anything else', async () => {
    await firstReading();
    expect(home.publisher.identified).toHaveLength(1);
    expect(home.publisher.identified[0]?.serialNumber).toMatch(/^\d+$/);
    expect(home.publisher.availability.at(0)).toMatchObject({ online: true });
  });

  it('remembers which registers the meter has, and asks for nothing else afterwards', async () => {
    await firstReading();
    const remembered = home.memory.all()[0];
    expect(remembered?.absent).toContain(155);
    home.simulator.resetStatistics();
    await home.tick('daily');
    const asked = home.simulator.statistics.requested.flat();
    expect(asked).not.toHaveLength(0);
    expect(asked.filter((id) => remembered?.absent.includes(id))).toEqual([]);
  });
});

describe('a reading on schedule', () => {
  it('is one request for the eight main registers', async () => {
    await firstReading();
    home.simulator.resetStatistics();
    await home.tick('hourly');
    expect(home.simulator.statistics.requested).toEqual([MAIN_403]);
    expect(home.simulator.statistics.bytesIn + home.simulator.statistics.bytesOut).toBeLessThan(103);
  });

  it('asks for the registers of the configuration instead, less those that the meter does not have', async () => {
    await firstReading({ registers: [60, 155, 68] });
    home.simulator.resetStatistics();
    await home.tick('hourly');
    expect(home.simulator.statistics.requested).toEqual([[60, 68]]);
  });

  it('is one reading, however often it is asked for while it runs', async () => {
    await firstReading();
    home.simulator.resetStatistics();
    for (let press = 0; press < 5; press++) void home.meter.read('scheduled');
    await home.clock.runUntil(home.meter.idle());
    expect(home.simulator.statistics.requests).toBe(1);
  });

  it('is followed by the details when their time comes while it runs', async () => {
    await firstReading();
    home.simulator.resetStatistics();
    void home.meter.read('scheduled');
    await home.tick('daily');
    expect(home.simulator.statistics.requested.length).toBeGreaterThan(1);
  });
});

describe('several schedules', () => {
  beforeEach(() => firstReading({ schedules: ['0 * * * *', '15 6 * * *'] }));

  it('each take readings', async () => {
    const before = home.publisher.readings.length;
    for (const schedule of ['0 * * * *', '15 6 * * *']) {
      home.ticks.get(schedule)?.();
      await home.clock.runUntil(home.meter.idle());
    }
    expect(home.publisher.readings).toHaveLength(before + 2);
  });

  it('take one when they come at the same moment', async () => {
    home.simulator.resetStatistics();
    for (const schedule of ['0 * * * *', '15 6 * * *']) home.ticks.get(schedule)?.();
    await home.clock.runUntil(home.meter.idle());
    expect(home.simulator.statistics.requested).toEqual([MAIN_403]);
  });
});

describe('without readOnStart', () => {
  it('the meter sleeps until the schedule says so', async () => {
    await firstReading({ readOnStart: false });
    await home.clock.advance(600_000);
    expect(home.simulator.statistics.requests).toBe(0);
    await home.tick('hourly');
    expect(home.publisher.readings.length).toBeGreaterThan(0);
  });
});

describe('without a detail schedule', () => {
  it('there is only the main one, and nothing more is learnt', async () => {
    await firstReading({ detailSchedule: 'never' });
    expect([...home.ticks.keys()]).toEqual(['0 * * * *']);
    const telling = MAIN.map((id) => (id === 89 ? 369 : id));
    expect(home.simulator.statistics.requested).toEqual([telling]);
  });
});

describe('after a restart', () => {
  it('publishes what it remembers, before the meter answers', async () => {
    await firstReading();
    const { memory } = home;
    await home.stop();
    home = new PolledLine({ memory });
    home.simulator.unplug();
    home.start();
    expect(home.publisher.identified).toHaveLength(1);
    expect(home.published('heat_energy')).toBeDefined();
    expect(home.publisher.readings[0]?.fresh).toEqual([]);
  });

  it('does not learn the registers again', async () => {
    await firstReading();
    const { memory } = home;
    await home.stop();
    await firstReading({ memory });
    expect(home.simulator.statistics.requested).toEqual([MAIN_403]);
  });
});

describe('the log', () => {
  it('tells of every reading what it brought and how long it took', async () => {
    await firstReading();
    const told = home.logger.said('info').filter((line) => /^Heating: (?!the meter reports)/.test(line));
    expect(told).toEqual([
      expect.stringMatching(
        /^Heating: 84\.817 GJ, 520\.41 m³, \d+ L\/h, \d\.\d kW, \d\d\.\d\d\/\d\d\.\d\d °C \(\d\.\d s\)$/,
      ),
      expect.stringMatching(/^Heating: asking once for everything else/),
      expect.stringMatching(/^Heating: \d\d more values \(\d+\.\d s\)$/),
    ]);
    expect(home.logger.said('debug')).toContainEqual(
      expect.stringMatching(/^Heating: 9 values of meter 84968362 \(\d\.\d s\)$/),
    );
  });
});
