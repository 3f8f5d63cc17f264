import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseFault } from '../../src/simulator/faults.ts';
import { PolledLine, type PolledLineOptions } from '../support/polled-line.ts';

const SECOND = 1000;

let home: PolledLine;

async function start(options: PolledLineOptions = {}): Promise<void> {
  home = new PolledLine({ detailSchedule: 'never', ...options });
  await home.firstReading();
  await home.clock.advance(60 * SECOND);
}

beforeEach(() => start());

afterEach(async () => {
  await home.stop();
  expect(home.clock.pendingTimers).toBe(0);
});

/** Lines of the log but those of levels that nobody sees by default. */
const lines = (): number => home.logger.said('info').length + home.logger.said('warn').length;

async function readingsOf(action: () => Promise<void>): Promise<number> {
  const before = home.publisher.readings.length;
  await action();
  await home.clock.runUntil(home.meter.idle());
  return home.publisher.readings.length - before;
}

describe('a flood of read commands', () => {
  it('is one reading and a handful of lines, where all come within a second', async () => {
    const before = lines();
    const readings = await readingsOf(async () => {
      for (let command = 0; command < 10_000; command++) {
        home.meter.readNow();
        if (command % 100 === 0) await home.clock.advance(10);
      }
    });
    expect(readings).toBe(1);
    expect(lines() - before).toBeLessThanOrEqual(3);
  });

  it.each([
    [undefined, 3],
    [20, 2],
    [0, 40],
  ])('that goes on for half a minute is no more readings than minSecondsBetween %j allows', async (minSecondsBetween, most) => {
    await home.stop();
    await start(minSecondsBetween === undefined ? {} : { minSecondsBetween });
    const before = lines();
    const readings = await readingsOf(async () => {
      for (let command = 0; command < 300; command++) {
        home.meter.readNow();
        await home.clock.advance(100);
      }
    });
    expect(readings).toBeGreaterThan(1);
    expect(readings).toBeLessThanOrEqual(most);
    expect(home.logger.matching(/warn .*and is not taken.*battery\.minSecondsBetween/)).toHaveLength(
      minSecondsBetween === 0 ? 0 : 1,
    );
    expect(lines() - before).toBeLessThanOrEqual(2 * readings + 1);
  });

  it('at a meter that does not answer costs no more requests than one that does', async () => {
    home.simulator.setFaults([parseFault('silence')]);
    home.simulator.resetStatistics();
    for (let command = 0; command < 300; command++) {
      home.meter.readNow();
      await home.clock.advance(100);
    }
    expect(home.simulator.statistics.requests).toBeLessThanOrEqual(9);
  });

  it('at a port that is away is told a few times', async () => {
    home.simulator.unplug();
    const before = lines();
    for (let command = 0; command < 300; command++) {
      home.meter.readNow();
      await home.clock.advance(100);
    }
    expect(lines() - before).toBeLessThan(10);
  });
});

describe('a read command', () => {
  it('is told again when the flood has long ended', async () => {
    for (const pause of [0, 0, 60 * SECOND, 0]) {
      await home.clock.advance(pause);
      home.meter.readNow();
      await home.clock.runUntil(home.meter.idle());
    }
    expect(home.logger.matching(/is not taken/)).toHaveLength(2);
  });

  it('soon after a reading on schedule is not taken, because nothing is new', async () => {
    await home.tick('hourly');
    home.simulator.resetStatistics();
    home.meter.readNow();
    await home.clock.runUntil(home.meter.idle());
    expect(home.simulator.statistics.requests).toBe(0);
  });

  it('keeps no schedule from reading', async () => {
    home.meter.readNow();
    await home.clock.runUntil(home.meter.idle());
    home.simulator.resetStatistics();
    await home.tick('hourly');
    expect(home.simulator.statistics.requests).toBe(1);
  });
});
