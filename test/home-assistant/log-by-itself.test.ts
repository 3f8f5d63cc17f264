import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { localDate, momentOf } from '../../src/shared/zoned-time.ts';
import { hasMosquitto } from '../mqtt/support/mosquitto.ts';
import { hasHomeAssistant } from './support/core.ts';
import { Household } from './support/household.ts';
import type { Meter } from './support/meter.ts';
import { TimeLapse } from './support/time-lapse.ts';

const ZONE = 'Europe/Copenhagen';
const HOUR = 3_600_000;

describe.skipIf(!hasHomeAssistant() || !hasMosquitto())('a bridge that may', () => {
  vi.stubEnv('TZ', ZONE);
  const house = new Household();
  const lapse = new TimeLapse(house.home).install();
  let meter: Meter;

  const keys = () => ({
    meters: [Household.keys(meter, 'Heat meter', { timezone: ZONE, detailSchedule: 'never' })],
    homeAssistant: { statistics: true, ...house.home.login },
  });

  async function days() {
    const id = (await house.stateOf(meter, 'heat_energy'))?.entity_id ?? '';
    const answer = await house.home.api.ask<Record<string, { start: number; change: number }[]>>(
      'recorder/statistics_during_period',
      { start_time: new Date(0).toISOString(), statistic_ids: [id], period: 'day', types: ['change'] },
    );
    return answer[id] ?? [];
  }

  /** GJ that the house had used, as its meter shows it. */
  const shown = (time: number): number => {
    const totals = meter.simulator.meters[0]?.pastTotals(time);
    return Math.floor((totals?.heatEnergy ?? 0) * 3.6e-6 * 1000 + 1e-6) / 1000;
  };

  beforeAll(async () => {
    await house.start();
    await house.home.api.ask('config/core/update', { time_zone: ZONE });
    meter = await house.meter('603');
    meter.freeze();
  });

  afterAll(async () => {
    await house.remove();
    vi.unstubAllEnvs();
  });

  it('reads the meter’s log, and waits until Home Assistant has begun to count', async () => {
    house.bridge.start(keys());
    await house.eventually(async () =>
      house.bridge.log.includes("from the meter's own log: 460 days, 72 hours"),
    );
    await house.knows(meter);
    expect(await days()).toEqual([]);
    expect(house.bridge.log).not.toContain('could not be brought');
  });

  it('brings it into Home Assistant then, each day as it was', async () => {
    await lapse.fiveMinutes();
    await house.bridge.restart(keys());
    await house.eventually(async () => (await days()).length > 455);
    await house.eventually(async () => house.bridge.log.includes('hours brought in'));
    const whole = (await days()).filter(({ start }) => start + 30 * HOUR < Date.now() - 4 * HOUR);
    expect(whole[0]?.change).toBeCloseTo(0, 6);
    for (const { start, change } of whole.slice(1)) {
      const next = momentOf(`${localDate(start + 30 * HOUR, ZONE)}T00:00:00`, ZONE);
      expect(change, localDate(start, ZONE)).toBeCloseTo(shown(next) - shown(start), 6);
    }
    expect(house.bridge.log).not.toContain(house.home.login.token);
  });

  it('asks the meter for nothing that it knows when it is started anew, and changes nothing', async () => {
    const before = await days();
    const pages = meter.simulator.statistics.logged.length;
    await house.bridge.restart(keys());
    const { length } = house.bridge.log.split('Heat meter: 378');
    await house.eventually(async () => house.bridge.log.split('Heat meter: 378').length > length + 2);
    expect(await days()).toEqual(before);
    expect(meter.simulator.statistics.logged.slice(pages).flatMap(({ ids }) => ids).length).toBeLessThan(20);
  });

  it('says nothing in its log', () => expect(house.home.complaints).toEqual([]));
});
