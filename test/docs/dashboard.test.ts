import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { topicsBelow } from '../../src/mqtt/topics.ts';
import { meterDiscovery } from '../../src/outputs/home-assistant/devices.ts';
import { PolledLine } from '../support/polled-line.ts';

const DASHBOARD = readFileSync(new URL('../../docs/dashboard.yaml', import.meta.url), 'utf8');
const ORIGIN = { name: 'multical2mqtt', sw_version: '1.2.3' };

const home = new PolledLine({ meters: [{ model: '403' }] });

beforeAll(() => home.firstReading());
afterAll(() => home.stop());

it.each([
  ['Heat meter', 'heat_meter'],
  ['District heating', 'district_heating'],
  ['Hus', 'hus'],
])('the dashboard to paste has the ids of a meter called "%s", once they are replaced', (name, slug) => {
  const { meter, latest } = home.publisher.readings.at(-1) ?? {};
  if (meter === undefined || latest === undefined) throw new Error('no reading');
  const discovery = meterDiscovery({ ...meter, name }, latest, topicsBelow('base'), ORIGIN);
  const there = Object.values(discovery.components).map((each) => each.default_entity_id);
  // Its comment has ids of other meters.
  const views = DASHBOARD.slice(DASHBOARD.indexOf('views:'));
  const named = views.replaceAll('heat_meter', slug).match(/\b(sensor|binary_sensor|button|event)\.\w+/g);
  expect(new Set(named).size).toBeGreaterThan(10);
  expect(there).toEqual(expect.arrayContaining(named ?? []));
});
