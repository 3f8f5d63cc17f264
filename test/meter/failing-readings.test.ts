import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseFault } from '../../src/simulator/faults.ts';
import { PolledLine } from '../support/polled-line.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

let home: PolledLine;

beforeEach(async () => {
  home = new PolledLine();
  await home.firstReading();
  home.simulator.resetStatistics();
});

afterEach(async () => {
  await home.stop();
  expect(home.clock.pendingTimers).toBe(0);
});

const fault = (...texts: string[]): void => home.simulator.setFaults(texts.map(parseFault));
const readings = (): number => home.publisher.readings.length;
const diagnostics = () => home.publisher.diagnostics.at(-1);
/** Since the last reset: readings begin with up to three tries. */
const requests = (): number => home.simulator.statistics.requests;

describe('a reading that fails', () => {
  it('publishes nothing, counts, and says what was seen and what it means', async () => {
    const before = readings();
    fault('silence');
    await home.tick('hourly');
    expect(readings()).toBe(before);
    expect(requests()).toBe(3);
    expect(diagnostics()).toMatchObject({ failedReadings: 1, retries: 2 });
    expect(diagnostics()?.lastError).toMatch(/Nothing at all was received.*magnet.*button/);
    expect(home.logger.said('warn').at(-1)).toMatch(/Nothing at all was received.*Reading again in 1 min/);
  });

  it.each([
    ['echo', 'silence', /Only the echo/],
    ['checksum', 'spurious-zero', /arrive damaged/],
    ['foreign-reply', 'spurious-zero', /none was the reply/],
  ])('with %s and %s tells what that means', async (first, second, meaning) => {
    fault(first, second);
    await home.tick('hourly');
    expect(diagnostics()?.lastError).toMatch(meaning);
  });

  it('is repeated after 1, 5 and 15 minutes, and then on schedule only', async () => {
    fault('silence');
    await home.tick('hourly');
    const tried: number[] = [];
    // Windows of a minute that no reading's tries cross.
    await home.clock.advance(45 * SECOND);
    for (let minute = 1; minute <= 120; minute++) {
      const before = requests();
      await home.clock.advance(MINUTE);
      if (requests() > before) tried.push(minute);
    }
    expect(tried).toEqual([1, 6, 21]);
  });

  it('makes the meter offline the third time in a row, and the first good one online', async () => {
    fault('silence');
    await home.tick('hourly');
    await home.clock.advance(8 * MINUTE);
    expect(home.publisher.availability.at(-1)).toMatchObject({ online: false });
    expect(home.publisher.availability.filter(({ online }) => !online)).toHaveLength(1);
    fault();
    await home.tick('hourly');
    expect(home.publisher.availability.at(-1)).toMatchObject({ online: true });
    expect(diagnostics()).toMatchObject({ lastError: null });
  });

  it('is made good within itself when the second try works', async () => {
    fault('checksum:1');
    await home.tick('hourly');
    expect(diagnostics()).toMatchObject({
      failedReadings: 0,
      retries: 1,
      checksumErrors: 1,
      lastError: null,
    });
  });

  it('is no value when it comes late', async () => {
    const before = readings();
    fault('late');
    await home.tick('hourly');
    expect(readings()).toBe(before);
    expect(diagnostics()).toMatchObject({ failedReadings: 1 });
  });
});

describe('details that fail', () => {
  it('keep what came before, and are tried again with the next reading', async () => {
    void home.meter.read('detail');
    await home.clock.advance(3 * SECOND);
    fault('silence');
    await home.clock.runUntil(home.meter.idle());
    const partial = home.publisher.readings.at(-1)?.fresh.length ?? 0;
    expect(partial).toBeGreaterThan(0);
    fault();
    await home.clock.advance(2 * MINUTE);
    expect(home.publisher.readings.at(-1)?.fresh.length).toBeGreaterThan(partial);
    expect(diagnostics()).toMatchObject({ lastError: null });
  });

  it('do not wake the meter for ever', async () => {
    // The main registers are answered, the details never.
    const { publisher } = home;
    const taken = publisher.readingTaken.bind(publisher);
    publisher.readingTaken = (meter, fresh, ...rest) => {
      taken(meter, fresh, ...rest);
      // What is only taken back, as at midnight, was no answer.
      if (fresh.some(({ value }) => value.kind === 'number')) fault('silence');
    };
    const reported = publisher.diagnosticsChanged.bind(publisher);
    publisher.diagnosticsChanged = (meter, figures) => {
      reported(meter, figures);
      if (figures.lastError !== null) fault();
    };
    fault('silence');
    await home.tick('daily');
    await home.clock.advance(24 * 60 * MINUTE);
    expect(diagnostics()?.failedReadings).toBe(4);
    await home.tick('hourly');
    expect(diagnostics()).toMatchObject({ failedReadings: 4, lastError: null });
  });
});

describe('a port that goes away', () => {
  it('is found again, and the reading that it cost is made up for at once', async () => {
    home.simulator.unplug();
    await home.tick('hourly');
    expect(diagnostics()?.lastError).toMatch(/unplugged|went away/);
    const before = readings();
    home.simulator.replug();
    await home.clock.advance(70 * SECOND);
    await home.clock.runUntil(home.meter.idle());
    expect(readings()).toBe(before + 1);
    expect(diagnostics()).toMatchObject({ lastError: null });
  });

  it('and comes back between two readings does not wake the meter', async () => {
    home.simulator.unplug();
    await home.clock.advance(10 * SECOND);
    home.simulator.replug();
    await home.clock.advance(70 * SECOND);
    expect(requests()).toBe(0);
  });

  it('is asked who is there before the next reading', async () => {
    home.simulator.unplug();
    await home.clock.advance(10 * SECOND);
    home.simulator.replug();
    await home.clock.advance(70 * SECOND);
    await home.tick('hourly');
    expect(requests()).toBe(2);
    expect(home.publisher.identified).toHaveLength(2);
  });

  it('at each request does not wake the meter each time that it returns', async () => {
    fault('unplug');
    await home.tick('hourly');
    await home.clock.advance(24 * 60 * MINUTE);
    expect(requests()).toBeLessThan(15);
  });

  it('in the middle of a reading ends it at once', async () => {
    void home.meter.read('scheduled');
    await home.clock.advance(300);
    home.simulator.unplug();
    await home.clock.advance(10);
    expect(diagnostics()).toMatchObject({ failedReadings: 1 });
  });

  it('before the start is told within seconds, and waited for', async () => {
    const { memory } = home;
    await home.stop();
    home = new PolledLine({ memory });
    home.simulator.unplug();
    home.start();
    await home.clock.advance(6 * SECOND);
    expect(diagnostics()?.lastError).toMatch(/unplugged/);
    home.simulator.replug();
    await home.clock.advance(70 * SECOND);
    expect(diagnostics()).toMatchObject({ readings: 1, lastError: null });
  });
});
