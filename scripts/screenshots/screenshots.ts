import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { hasHomeAssistant } from '../../test/home-assistant/support/core.ts';
import { Household } from '../../test/home-assistant/support/household.ts';
import type { Meter } from '../../test/home-assistant/support/meter.ts';
import { hasMosquitto } from '../../test/mqtt/support/mosquitto.ts';
import { Camera, CHROMIUM } from './camera.ts';
import { heating, rememberPast, rememberTemperatures, tapping } from './past.ts';

const PICTURES = process.env.PICTURES ?? resolve(import.meta.dirname, '../../docs/pictures');
const HEAT = 'sensor.heat_meter_heat_energy';
const WATER = 'sensor.water_meter_volume';
const PRICE = 'input_number.heat_price';
const EUR_PER_GJ = 27.5;
const EUR_PER_M3 = 5.2;
const GJ_PER_KWH = 0.0036;

const house = new Household();
let camera: Camera;
let heat: Meter;

const picture = (name: string): string => join(PICTURES, `${name}.png`);

beforeAll(async () => {
  if (!existsSync(CHROMIUM))
    throw new Error(`there is no ${CHROMIUM}: install Chromium, or set CHROMIUM to where it is`);
  if (!hasHomeAssistant() || !hasMosquitto())
    throw new Error('pictures need a real Home Assistant and Mosquitto: what is missing is said above');
  house.home.settings.push(
    'input_number:',
    `  heat_price: {name: Heat price, min: 0, max: 1000, step: 0.01, initial: ${EUR_PER_GJ}, unit_of_measurement: EUR/GJ}`,
  );
  await house.start();
  heat = await house.meter('403');
  const water = await house.meter('flowiq-21xx');
  const usual = { schedule: 'hourly', battery: {} };
  house.bridge.start({
    meters: [Household.keys(heat, 'Heat meter', usual), Household.keys(water, 'Water meter', usual)],
  });
  await house.knows(heat);
  await house.knows(water);
  const { api } = house.home;
  const place = { time_zone: 'Europe/Copenhagen', currency: 'EUR', country: 'DK', language: 'en' };
  await api.ask('config/core/update', { ...place, location_name: 'Home' });
  const source = { stat_cost: null, entity_energy_price: null, number_energy_price: null };
  await api.ask('energy/save_prefs', {
    energy_sources: [
      { ...source, type: 'gas', stat_energy_from: HEAT, name: 'Heat', entity_energy_price: PRICE },
      { ...source, type: 'water', stat_energy_from: WATER, name: 'Water', number_energy_price: EUR_PER_M3 },
    ],
    device_consumption: [],
  });
  const states = await house.eventually(async () => {
    const now = await api.states();
    return now.has(`${HEAT}_cost`) && now.has(`${WATER}_cost`) ? now : undefined;
  });
  const total = (id: string): number => Number(states.get(id)?.state);
  const heatOf = (hour: Date): number => heating(hour) * GJ_PER_KWH;
  await rememberPast(api, [
    { statistic: HEAT, unit: 'GJ', unitClass: 'energy', now: total(HEAT), perHour: heatOf },
    { statistic: WATER, unit: 'm³', unitClass: 'volume', now: total(WATER), perHour: tapping },
    {
      statistic: `${HEAT}_cost`,
      unit: 'EUR',
      unitClass: null,
      now: 0,
      perHour: (hour) => heatOf(hour) * EUR_PER_GJ,
    },
    {
      statistic: `${WATER}_cost`,
      unit: 'EUR',
      unitClass: null,
      now: 0,
      perHour: (hour) => tapping(hour) * EUR_PER_M3,
    },
  ]);
  await rememberTemperatures(api, {
    'sensor.heat_meter_flow_temperature': (kilowatts) => 58 + 2.4 * kilowatts,
    'sensor.heat_meter_return_temperature': (kilowatts) => 29 + 1.3 * kilowatts,
  });
  await house.eventually(async () => (await api.ask<unknown[]>('recorder/list_statistic_ids')).length >= 4);
  camera = await Camera.at(house.home.login);
});

afterAll(async () => {
  await camera?.end();
  await house.remove();
});

it('the page of a heat meter', async () => {
  const devices = await house.home.api.devices();
  const device = devices.find(({ serial_number }) => serial_number === heat.serial);
  expect(device).toBeDefined();
  await camera.open(`/config/devices/device/${device?.id}`, 'Heat energy', 1330);
  // What lies at its right tells only how this household was put up.
  await camera.shoot(picture('device'), 0, 797);
});

it('the Energy dashboard', async () => {
  await camera.open('/energy/overview', 'Total costs', 490);
  await camera.shoot(picture('energy'));
  await camera.open('/energy/gas', 'Gas total', 620);
  await camera.shoot(picture('energy-gas'));
});

it('the dashboard to paste', async () => {
  const { api } = house.home;
  await api.ask('lovelace/dashboards/create', { url_path: 'heat-meter', title: 'Heat', mode: 'storage' });
  const file = readFileSync(resolve(import.meta.dirname, '../../docs/dashboard.yaml'), 'utf8');
  await api.ask('lovelace/config/save', { url_path: 'heat-meter', config: parse(file) });
  await camera.open('/heat-meter', 'Heat a day', 760);
  await camera.shoot(picture('dashboard'));
});

it('the settings of heat in the Energy dashboard', async () => {
  await camera.open('/config/energy/gas', 'Add gas source', 1180);
  await camera.page.locator('ha-energy-gas-settings ha-icon-button').first().click();
  await camera.page.getByText('current price').first().waitFor();
  await camera.shoot(picture('energy-settings'), 290, 910);
});
