import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { R } from '../../src/catalogue/register.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { localDate, momentOf } from '../../src/shared/zoned-time.ts';
import { importHistory } from '../../src/statistics/import.ts';
import type { LoggedHistory } from '../../src/statistics/points.ts';
import { undoImport } from '../../src/statistics/undo.ts';
import { hasMosquitto } from '../mqtt/support/mosquitto.ts';
import { hasHomeAssistant } from './support/core.ts';
import { Household } from './support/household.ts';
import { loggedPast } from './support/logged-past.ts';
import type { Meter } from './support/meter.ts';
import { TimeLapse } from './support/time-lapse.ts';

const ZONE = 'Europe/Copenhagen';
const HOUR = 3_600_000;
/** Of the meter's last one, in numbers that went through floating point. */
const DIGIT = 0.001;
const EUR_PER_GJ = 27.5;

interface Bar {
  readonly start: number;
  readonly state: number | null;
  readonly sum: number | null;
  readonly change: number | null;
  readonly mean: number | null;
}

describe.skipIf(!hasHomeAssistant() || !hasMosquitto())('the meter’s log in Home Assistant', () => {
  vi.stubEnv('TZ', ZONE);
  const house = new Household();
  const lapse = new TimeLapse(house.home).install();
  const dataDir = join(house.home.folder, 'multical2mqtt');
  let meter: Meter;
  let history: LoggedHistory;
  let heat: string;
  /** Of Home Assistant's own making. */
  let cost: string;
  /** Where the lapse of time has come to. */
  let now = Date.now();

  const clock = { ...systemClock, now: () => now };
  const bring = (more: object = {}, of = history) =>
    importHistory(house.home.login, of, { clock, dataDir, ...more });

  async function bars(id: string, period: string): Promise<readonly Bar[]> {
    const answer = await house.home.api.ask<Record<string, Bar[]>>('recorder/statistics_during_period', {
      start_time: new Date(0).toISOString(),
      statistic_ids: [id],
      period,
      types: ['state', 'sum', 'change', 'mean'],
      units: { energy: 'GJ', volume: 'm³', temperature: '°C' },
    });
    return answer[id] ?? [];
  }

  async function fiveMinutes(times = 1): Promise<void> {
    for (let each = 0; each < times; each++) now = (await lapse.fiveMinutes()) + 5 * 60_000;
  }

  /** GJ that the house had used, as its meter shows it. */
  const shown = (time: number): number => {
    const totals = meter.simulator.meters[0]?.pastTotals(time);
    return Math.floor((totals?.heatEnergy ?? 0) * 3.6e-6 * 1000 + 1e-6) / 1000;
  };

  async function burn(amount: number): Promise<void> {
    meter.set(R.heatEnergy, meter.value(R.heatEnergy) + amount);
    await house.eventually(async () => {
      const state = await house.stateOf(meter, 'heat_energy');
      return Math.abs(Number(state?.state) - meter.value(R.heatEnergy)) < DIGIT / 2;
    });
  }

  beforeAll(async () => {
    await house.start();
    await house.home.api.ask('config/core/update', { time_zone: ZONE });
    meter = await house.meter('603');
    history = await loggedPast(meter, 'Heat meter', ZONE);
    meter.freeze();
    house.bridge.start({ meters: [Household.keys(meter, 'Heat meter')] });
    await house.knows(meter);
    heat = (await house.stateOf(meter, 'heat_energy'))?.entity_id ?? '';
    cost = `${heat}_cost`;
    const { api } = house.home;
    await api.ask('config/core/update', { currency: 'EUR' });
    const source = { stat_cost: null, entity_energy_price: null, number_energy_price: EUR_PER_GJ };
    await api.ask('energy/save_prefs', {
      energy_sources: [{ ...source, type: 'gas', stat_energy_from: heat }],
    });
    await house.eventually(async () => (await api.states()).get(cost)?.state === '0.0');
  });

  afterAll(async () => {
    await house.remove();
    vi.unstubAllEnvs();
  });

  it('is left alone until Home Assistant has begun to count', async () => {
    const { statistics, lines } = await bring();
    expect(statistics.every(({ rows }) => rows === 0)).toBe(true);
    expect(lines.join('\n')).toContain('no statistics of it yet');
  });

  it('is told first, and nothing is done', async () => {
    await fiveMinutes();
    const { lines } = await bring({ dryRun: true });
    expect(lines[0]).toMatch(/day +heat_energy GJ/);
    expect(await bars(heat, 'hour')).toEqual([]);
  });

  it('shows each day of the last 460 as it was, and goes on without a jump', async () => {
    const { lines } = await bring();
    expect(lines.join('\n')).toMatch(
      /heat_energy \(sensor\.heat_meter_heat_energy\): \d{3,4} hours brought in/,
    );
    await burn(0.5);
    await fiveMinutes(12);
    const hours = await bars(heat, 'hour');
    const days = await bars(heat, 'day');
    const logged = days.filter(({ start }) => start + 30 * HOUR < now - 4 * HOUR);
    expect(logged.length).toBeGreaterThan(455);
    for (const { start, change } of logged.slice(1)) {
      const next = momentOf(`${localDate(start + 30 * HOUR, ZONE)}T00:00:00`, ZONE);
      expect(change, localDate(start, ZONE)).toBeCloseTo(shown(next) - shown(start), 6);
    }
    expect(logged[0]?.change).toBeCloseTo(0, 6);
    expect(Math.min(...hours.map(({ change }) => change ?? 0))).toBeGreaterThan(-DIGIT / 1000);
    const own = hours.at(-1);
    expect(own?.state).toBeCloseTo(meter.value(R.heatEnergy), 6);
    const inAll = hours.reduce((sum, { change }) => sum + (change ?? 0), 0);
    expect(inAll).toBeCloseTo(meter.value(R.heatEnergy) - (hours[0]?.state ?? 0), 6);
  });

  it('shows what each day cost, at the price that Home Assistant has', async () => {
    const days = await bars(cost, 'day');
    const used = await bars(heat, 'day');
    expect(days).toHaveLength(used.length);
    for (const [index, { start, change }] of days.entries())
      expect(change, localDate(start, ZONE)).toBeCloseTo((used[index]?.change ?? 0) * EUR_PER_GJ, 4);
  });

  it('changes nothing a second time', async () => {
    const before = await bars(heat, 'hour');
    const { statistics } = await bring();
    expect(statistics.map(({ rows }) => rows).filter((rows) => rows > 0)).toEqual([]);
    expect(await bars(heat, 'hour')).toEqual(before);
  });

  it('shows the mean temperatures that the meter made', async () => {
    const flow = (await house.stateOf(meter, 'flow_temperature'))?.entity_id ?? '';
    const days = await bars(flow, 'day');
    expect(days.length).toBeGreaterThan(455);
    expect(days[5]?.mean).toBeGreaterThan(30);
  });

  it('is taken back, and what Home Assistant had is as it was', async () => {
    const { lines } = await undoImport(
      house.home.login,
      { serialNumber: meter.serial, name: 'Heat meter' },
      { clock, dataDir },
    );
    expect(lines.join('\n')).toContain('taken back');
    const hours = (await bars(heat, 'hour')).filter(({ state }) => state !== null);
    expect(hours).toHaveLength(1);
    expect(hours[0]?.sum).toBeCloseTo(0.5, 6);
    const costs = (await bars(cost, 'hour')).filter(({ state }) => state !== null);
    expect(costs.map(({ sum }) => sum)).toEqual([expect.closeTo(0.5 * EUR_PER_GJ, 6)]);
    // What is empty shows nothing.
    const days = (await bars(heat, 'day')).filter(({ change }) => change !== null);
    expect(days.map(({ change }) => change)).toEqual([expect.closeTo(0.5, 6)]);
  });

  it('fits again', async () => {
    await bring();
    const hours = await bars(heat, 'hour');
    const inAll = hours.reduce((sum, { change }) => sum + (change ?? 0), 0);
    expect(inAll).toBeCloseTo(meter.value(R.heatEnergy) - (hours[0]?.state ?? 0), 6);
  });

  it('says nothing in its log', () => expect(house.home.complaints).toEqual([]));
});
