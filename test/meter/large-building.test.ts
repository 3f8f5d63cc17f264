import { afterEach, describe, expect, it } from 'vitest';
import { FixtureMeter } from '../support/fixture-meter.ts';
import { PolledLine, type PolledLineOptions } from '../support/polled-line.ts';

const HOUR = 3_600_000;

const building = new FixtureMeter('big-603.json');
/** In hours. */
const MINUTE = 1 / 60;
let startedAt = 0;

let home: PolledLine;

afterEach(() => home.stop());

/** Only the totals: no power that would show how large the building is. */
async function started(options: PolledLineOptions = {}, afterHours = 0): Promise<void> {
  startedAt = afterHours;
  home = new PolledLine({
    meters: [building.options('603', afterHours)],
    model: '603',
    registers: [60, 68],
    detailSchedule: 'never',
    ...options,
  });
  await home.firstReading();
}

/** Time goes on until so many hours after the first reading, and the meter counts. */
async function reach(hours: number): Promise<void> {
  for (const meter of home.simulator.meters) building.count(meter, hours);
  await home.clock.advance((hours - startedAt) * HOUR - home.clock.monotonic());
}

/** What is published with a reading so many hours after the first one. */
async function readAfter(hours: number): Promise<string | undefined> {
  // While a doubtful value is read again.
  const begin = startedAt + home.clock.monotonic() / HOUR;
  for (let now = begin + MINUTE; now < Math.min(hours, begin + 10 * MINUTE); now += MINUTE) await reach(now);
  await reach(hours);
  await home.tick('hourly');
  return home.published('heat_energy');
}

const heldBack = (): string[] => home.logger.said('warn').filter((line) => line.includes('held back'));

describe('a building that draws 560 kW, of which only the totals are read', () => {
  it.each([
    ['a minute', 1 / 60],
    ['an hour', 1],
    ['a day', 24],
  ])('is believed with the third reading, and is not doubted again: one %s', async (_, step) => {
    await started();
    const published: Array<string | undefined> = [];
    for (let reading = 1; reading <= 12; reading++) published.push(await readAfter(reading * step));
    const truth = (reading: number): string => String(Math.floor(3_363_200 + 560 * reading * step));
    expect(published.slice(2)).toEqual(Array.from({ length: 10 }, (_, index) => truth(index + 3)));
    // Both totals, two readings.
    expect(heldBack().length).toBeLessThanOrEqual(4);
    expect(home.publisher.diagnostics.at(-1)?.failedReadings).toBe(0);
  });

  it('is known to do so after a restart', async () => {
    await started();
    for (let reading = 1; reading <= 4; reading++) await readAfter(reading);
    const { memory, clock } = home;
    await home.stop();
    await started({ memory, now: clock.now() }, 4);
    for (let reading = 5; reading <= 7; reading++)
      expect(await readAfter(reading)).toBe(String(3_363_200 + 560 * reading));
    expect(heldBack()).toEqual([]);
  });
});
