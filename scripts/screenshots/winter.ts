import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../../src/shared/clock.ts';
import { importHistory } from '../../src/statistics/import.ts';
import { Household } from '../../test/home-assistant/support/household.ts';
import { loggedPast } from '../../test/home-assistant/support/logged-past.ts';
import { TimeLapse } from '../../test/home-assistant/support/time-lapse.ts';
import { Camera } from './camera.ts';

const PICTURES = process.env.PICTURES ?? resolve(import.meta.dirname, '../../docs/pictures');
const ZONE = 'Europe/Copenhagen';
const NAME = 'Heat meter';
const HEAT = 'sensor.heat_meter_heat_energy';
const EUR_PER_GJ = 27.5;
const FEBRUARY = 1;
const MONTHS = 12;

const house = new Household();
const lapse = new TimeLapse(house.home).install();

/** The day of installation: Home Assistant has known the meter for minutes, and then gets what it wrote down itself. */
beforeAll(async () => {
  await house.start();
  const { api } = house.home;
  const place = { time_zone: ZONE, currency: 'EUR', country: 'DK', language: 'en' };
  await api.ask('config/core/update', { ...place, location_name: 'Home' });
  const meter = await house.meter('603');
  const history = await loggedPast(meter, NAME, ZONE);
  const usual = { schedule: 'hourly', battery: {} };
  house.bridge.start({ meters: [Household.keys(meter, NAME, usual)] });
  await house.knows(meter);
  const source = { stat_cost: null, entity_energy_price: null, number_energy_price: EUR_PER_GJ };
  await api.ask('energy/save_prefs', {
    energy_sources: [{ ...source, type: 'gas', stat_energy_from: HEAT, name: 'Heat' }],
    device_consumption: [],
  });
  await house.eventually(async () => (await api.states()).has(`${HEAT}_cost`));
  await lapse.fiveMinutes();
  const dataDir = join(house.home.folder, 'multical2mqtt');
  const { statistics } = await importHistory(house.home.login, history, { clock: systemClock, dataDir });
  expect(statistics.find(({ statistic }) => statistic === HEAT)?.rows).toBeGreaterThan(0);
});

afterAll(() => house.remove());

async function lookAt(period: string): Promise<Camera> {
  const camera = await Camera.at(house.home.login, period);
  await camera.open('/energy/gas', 'Gas total', 620);
  return camera;
}

async function turn(camera: Camera, to: 'Previous' | 'Next', times = 1): Promise<void> {
  for (let done = 0; done < times; done++) await camera.page.getByRole('button', { name: to }).click();
  // Else the button is grey.
  await camera.page.mouse.move(0, 0);
}

it('last winter in the Energy dashboard', async () => {
  const camera = await lookAt('now-12m');
  // The first drawing has not got all of its letters yet.
  await turn(camera, 'Previous');
  await turn(camera, 'Next');
  await camera.shoot(join(PICTURES, 'energy-last-winter.png'));
  await camera.end();
});

it('a month of it, day by day', async () => {
  const camera = await lookAt('this_month');
  const ago = (new Date().getMonth() + MONTHS - FEBRUARY) % MONTHS;
  await turn(camera, 'Previous', ago || MONTHS);
  await camera.shoot(join(PICTURES, 'energy-last-winter-days.png'));
  await camera.end();
});
