import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseFault } from '../../src/simulator/faults.ts';
import { PolledLine, type PolledLineOptions } from '../support/polled-line.ts';

const HOUR = 3_600_000;

let home: PolledLine;

async function start(options: PolledLineOptions = {}): Promise<void> {
  home = new PolledLine(options);
  await home.firstReading();
}

/** Requests at each of the next slots, an hour or so apart, with what is tried again until the next one. */
async function requestsAt(slots: number, interval = HOUR): Promise<number[]> {
  const requests: number[] = [];
  for (let slot = 0; slot < slots; slot++) {
    home.simulator.resetStatistics();
    await home.tick('hourly');
    await home.clock.advance(interval);
    requests.push(home.simulator.statistics.requests);
  }
  return requests;
}

const silence = (): void => home.simulator.setFaults([parseFault('silence')]);
const told = (): readonly string[] => home.logger.matching(/silent at/);
const repeated = (requests: number, slots: number): number[] => Array(slots).fill(requests);

/** Six slots with three tries each, the first one with its retries after 1, 5 and 15 minutes, then single tries. */
const UP_TO_LEAVING_OUT = [12, ...repeated(3, 5), ...repeated(1, 18)];

beforeEach(async () => {
  await start();
  silence();
});

afterEach(async () => {
  await home.stop();
  expect(home.clock.pendingTimers).toBe(0);
});

describe('a silent meter', () => {
  it('is asked once a slot after some slots, then at every tenth', async () => {
    expect(await requestsAt(24)).toEqual(UP_TO_LEAVING_OUT);
    const tenth = [1, ...repeated(0, 9)];
    expect(await requestsAt(20)).toEqual([...tenth, ...tenth]);
  });

  it('is so told once', async () => {
    await requestsAt(60);
    expect(told()).toEqual([
      expect.stringMatching(
        /warn Heating: .*silent at 6 slots in a row \(5\.\d h\)\. It is asked once a slot now, and after 24 at every 10th, at least once a day; "Read now" asks at once/,
      ),
    ]);
    expect(home.publisher.availability.at(-1)).toMatchObject({ online: false });
    expect(home.publisher.diagnostics.at(-1)?.lastError).toMatch(/Nothing at all was received/);
  });

  it('is asked at least once a day, however rare its slots are', async () => {
    expect(await requestsAt(30, 23 * HOUR)).toEqual([...UP_TO_LEAVING_OUT, ...repeated(1, 6)]);
  });

  it('that answers is read as before, with all tries from its first answer on', async () => {
    await requestsAt(34);
    home.simulator.setFaults([]);
    home.simulator.resetStatistics();
    await home.tick('hourly');
    expect(home.simulator.statistics.requests).toBeGreaterThan(0);
    expect(home.logger.matching(/info .*the meter answers again, and is asked at each slot/)).toHaveLength(1);
    silence();
    expect(await requestsAt(24)).toEqual(UP_TO_LEAVING_OUT);
  });

  it('is asked with all tries again when somebody wants a reading', async () => {
    await requestsAt(30);
    home.simulator.resetStatistics();
    home.meter.readNow();
    await home.clock.runUntil(home.meter.idle());
    expect(home.simulator.statistics.requests).toBe(3);
    await home.clock.advance(HOUR);
    expect(await requestsAt(7)).toEqual([...repeated(3, 6), 1]);
  });

  it('is asked with all tries again when its port was gone and is back, not when we opened it anew', async () => {
    await requestsAt(30);
    home.simulator.unplug();
    await home.clock.advance(HOUR);
    home.simulator.replug();
    await home.clock.advance(HOUR);
    expect(await requestsAt(7)).toEqual([...repeated(3, 6), 1]);
  });
});

describe('asked at each slot for ever with all tries is', () => {
  it.each<[string, PolledLineOptions]>([
    ['a meter on mains power', { mainsPowered: true }],
    ['a meter whose eye only a button wakes', { model: '402', meters: [{ model: '402' }] }],
  ])('%s', async (_, options) => {
    await home.stop();
    await start(options);
    silence();
    expect(await requestsAt(40)).toEqual([12, ...repeated(3, 39)]);
    expect(told()).toEqual([]);
  });

  it('a meter with the preset that keeps it awake', async () => {
    await home.stop();
    await start({ schedules: ['0 * * * *', '*/20 * * * *'] });
    silence();
    expect(await requestsAt(40)).toEqual([12, ...repeated(3, 39)]);
  });
});

it('a meter that never answered is left out of no slot, because nothing else could ask for a reading', async () => {
  await home.stop();
  home = new PolledLine();
  silence();
  home.start();
  await home.clock.advance(HOUR);
  const requests = await requestsAt(40);
  expect(requests.slice(0, 6)).toEqual(repeated(3, 6));
  expect(requests.slice(6)).toEqual(repeated(1, 34));
  expect(told()).toHaveLength(1);
});
