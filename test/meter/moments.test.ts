import { afterEach, describe, expect, it } from 'vitest';
import type { Reading } from '../../src/readings/reading.ts';
import { PolledLine } from '../support/polled-line.ts';

const SECOND = 1_000;

let home: PolledLine;
afterEach(() => home.stop());

/** Registers by the moment that they are stamped with, in order. */
function byMoment(readings: readonly Reading[]): readonly (readonly number[])[] {
  const moments = [...new Set(readings.map(({ readAt }) => readAt))].sort((a, b) => a - b);
  return moments.map((moment) =>
    readings.flatMap(({ register, readAt }) => (readAt === moment && register !== null ? [register] : [])),
  );
}

describe('a reading of everything', () => {
  it('stamps each value with the moment at which its reply was complete', async () => {
    home = new PolledLine();
    const begin = home.clock.now();
    await home.firstReading();
    const [main, details] = home.publisher.readings.map(({ fresh }) => fresh);
    const replies = [main, details].flatMap((fresh = []) => byMoment(fresh));
    const asked = home.simulator.statistics.requested;
    expect(replies.length).toBeGreaterThan(10);
    // Each moment has registers of one request, and the moments follow each other as the requests did.
    let request = -1;
    for (const registers of replies) {
      request = asked.findIndex((ids, index) => index > request && registers.every((id) => ids.includes(id)));
      expect(request, `a request for ${registers}`).toBeGreaterThanOrEqual(0);
    }
    const times = details?.map(({ readAt }) => readAt) ?? [];
    expect(Math.min(...times)).toBeGreaterThan(begin);
    expect(Math.max(...times) - Math.min(...times)).toBeGreaterThan(10 * SECOND);
  });

  it('stamps what is made of a value like the value', async () => {
    home = new PolledLine({ heatEnergyInKwh: true });
    await home.firstReading();
    await home.clock.advance(3600 * SECOND);
    await home.tick('daily');
    const details = home.publisher.readings.at(-1)?.fresh ?? [];
    const readAt = (quantity: string): number | undefined =>
      details.find((reading) => reading.quantity === quantity)?.readAt;
    expect(readAt('heat_energy')).toBeLessThan(readAt('clock') ?? 0);
    for (const made of ['heat_energy_kwh', 'heat_energy_fine'])
      expect(readAt(made)).toBe(readAt('heat_energy'));
    expect(readAt('clock_drift')).toBe(readAt('clock'));
  });

  it('says when its newest value was read', async () => {
    home = new PolledLine();
    await home.firstReading();
    const newest = Math.max(...(home.publisher.readings[1]?.fresh ?? []).map(({ readAt }) => readAt));
    expect(home.publisher.diagnostics.at(-1)?.lastSuccessfulReading).toBe(newest);
  });

  it('over midnight does not take the energy of the day that is over for that of the new one', async () => {
    home = new PolledLine({ timezone: 'UTC', now: Date.UTC(2026, 0, 15, 23, 59, 55) });
    await home.firstReading();
    const details = home.publisher.readings[1]?.fresh ?? [];
    const dates = new Set(details.map(({ readAt }) => new Date(readAt).getUTCDate()));
    expect(dates).toEqual(new Set([15, 16]));
    expect(home.published('heat_energy_day')).toBeUndefined();
  });
});
