import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { MeterIdentity } from '../../../src/meter/publisher.ts';
import { topicsBelow } from '../../../src/mqtt/topics.ts';
import { bridgeDiscovery, meterDiscovery } from '../../../src/outputs/home-assistant/devices.ts';
import { type DeviceDiscovery, TEMPLATES } from '../../../src/outputs/home-assistant/discovery.ts';
import { templatesFor } from '../../../src/outputs/home-assistant/domoticz.ts';
import { keptComponents } from '../../../src/outputs/home-assistant/held-discovery.ts';
import { diagnosticsJson } from '../../../src/outputs/mqtt/diagnostics.ts';
import type { OutputDefinition } from '../../../src/outputs/output.ts';
import { type Reading, stateJson } from '../../../src/readings/reading.ts';
import type { ModelName } from '../../../src/simulator/models/models.ts';
import { PolledLine } from '../../support/polled-line.ts';
import { DIAGNOSTICS, READ_AT } from '../support/meter-readings.ts';
import { Domoticz, type DomoticzRelease } from './support/domoticz.ts';
import { domoticzAfter, shownKeys } from './support/expect-right-in-domoticz.ts';

const TOPICS = topicsBelow('base');
const ORIGIN = { name: 'multical2mqtt', sw_version: '1.2.3' };
const RELEASES: readonly DomoticzRelease[] = ['up to 2025.1', 'later'];

let home: PolledLine | undefined;

// What a simulated house uses follows the hour of its meter's clock, which shows the time of the place where it runs.
beforeEach(() => {
  vi.stubEnv('TZ', 'UTC');
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await home?.stop();
  home = undefined;
});

async function simulated(model: ModelName): Promise<readonly [MeterIdentity, readonly Reading[]]> {
  home = new PolledLine({ meters: [{ model }], heatEnergyInKwh: true, gasEquivalent: 31.6 });
  await home.firstReading();
  const { meter, latest } = home.publisher.readings.at(-1) ?? {};
  if (meter === undefined || latest === undefined) throw new Error('no reading');
  return [meter, latest];
}

/** What Domoticz has of the entities that a household sees in Home Assistant: key -> type and data, or nothing. */
function shown(
  release: DomoticzRelease,
  discovery: DeviceDiscovery,
  states: Readonly<Record<string, string>>,
) {
  const domoticz = domoticzAfter(release, discovery, states);
  const devices = shownKeys(domoticz, discovery);
  return Object.fromEntries(
    Object.entries(discovery.components)
      .filter(([, { enabled_by_default = true }]) => enabled_by_default)
      .map(([key]) => {
        const device = devices.get(key);
        return [key, device === undefined ? 'left out' : `${device.type}: ${device.data}`];
      }),
  );
}

/** The same for a simulated meter that was just read. */
async function shownOf(model: ModelName, release: DomoticzRelease) {
  const [meter, latest] = await simulated(model);
  const discovery = meterDiscovery(meter, latest, TOPICS, ORIGIN, TEMPLATES.component);
  return shown(release, discovery, {
    [TOPICS.state(meter.serialNumber)]: stateJson(latest, READ_AT),
    [TOPICS.diagnostics(meter.serialNumber)]: diagnosticsJson(DIAGNOSTICS),
    [TOPICS.availability(meter.serialNumber)]: 'online',
  });
}

/** The bridge's own figures, which are the same for each meter. */
const FIGURES = {
  // Nothing, as long as there was none.
  last_error: 'left out',
  event: 'left out',
  connectivity: 'switch: On',
  read_now: 'push button: ',
};

const BATTERY = {
  // Up to 2025.1 a battery level of 1 %.
  battery_ratio: 'left out',
  readings_today: 'custom: 9 ??',
};

describe('Domoticz, by its source, makes of the single payloads', () => {
  it.each(RELEASES)('of a heat meter (%s)', async (release) => {
    const isOld = release === 'up to 2025.1';
    const devices = await shownOf('403', release);
    expect(devices).toEqual({
      ...FIGURES,
      ...BATTERY,
      problem_leakage: 'switch: Off',
      problem_burst: 'switch: Off',
      problem: 'switch: Off',
      heat_energy: 'custom: 84.817 GJ',
      // It knows no power in kW, and shows none.
      heat_energy_kwh: isOld ? 'kWh: 0 W, 23560.300 kWh' : 'kWh: 3900 W, 23560.300 kWh',
      power: isOld ? 'custom: 3.9 kW' : 'usage: 3900.000 W',
      flow: 'custom: 106 L/h',
      flow_temperature: 'temperature: 65.17 °C',
      return_temperature: 'temperature: 33.52 °C',
      // A household in °F would see it shifted by 32.
      temperature_difference: 'left out',
      operating_hours: 'custom: 4512 h',
      info: 'text: no error',
      // It would be a counter of kWh.
      volume: 'left out',
      gas_equivalent: 'left out',
    });
  });

  it.each(RELEASES)('of a water meter (%s)', async (release) => {
    expect(await shownOf('21', release)).toMatchObject({
      ...FIGURES,
      ...BATTERY,
      flow: 'custom: 106 L/h',
      water_temperature: 'temperature: 20.00 °C',
      meter_temperature: 'temperature: 21.00 °C',
      info: 'text: no error',
      problem_leakage: 'switch: Off',
      volume: 'left out',
      reverse_volume: 'left out',
    });
  });

  it.each(RELEASES)('of an electricity meter (%s)', async (release) => {
    const isOld = release === 'up to 2025.1';
    expect(await shownOf('382', release)).toMatchObject({
      ...FIGURES,
      power_import: isOld ? 'custom: 3.906 kW' : 'usage: 3906.000 W',
      power_export: isOld ? 'custom: 0 kW' : 'usage: 0.000 W',
      voltage_l1: 'voltage: 228.000 V',
      current_l1: 'current: 5.690 A',
      // It would put the power of something else beside them.
      active_energy_import: 'left out',
      active_energy_export: 'left out',
    });
  });

  it.each(RELEASES)('of the bridge (%s)', (release) => {
    const output = (name: string, label: string) => ({ name, label }) as OutputDefinition;
    const discovery = bridgeDiscovery(TOPICS, ORIGIN, [output('csv', 'CSV')], TEMPLATES.component);
    const states = {
      [TOPICS.bridgeState]: 'online',
      [TOPICS.bridgeDiagnostics]: '{"csv":{"state":"problem","waiting":48}}',
    };
    expect(shown(release, discovery, states)).toEqual({
      connectivity: 'switch: On',
      csv_problem: 'switch: On',
      csv_waiting: 'custom: 48 ??',
    });
  });
});

describe('what it got wrong', () => {
  const CONFIG = { unique_id: 'u', state_topic: 'base/1/state', device: { identifiers: ['d'] } };

  /** All that one entity leaves behind in Domoticz. */
  function leftBehind(key: string, config: object, state: object, release: DomoticzRelease = 'up to 2025.1') {
    const domoticz = new Domoticz(release, 'homeassistant');
    domoticz.hear(`homeassistant/sensor/d/${key}/config`, JSON.stringify({ ...CONFIG, ...config }));
    domoticz.hear('base/1/state', JSON.stringify(state));
    return { device: domoticz.devices.get('u'), battery: domoticz.batteryLevels.get('d') };
  }

  it.each([
    ['volume', 'm³', 520.41, { type: 'RFXMeter counter', data: '0.520 kWh' }],
    ['volume', 'L', 520_410, { type: 'RFXMeter counter', data: '520410.000 kWh' }],
    ['flow_pressure', 'bar', 1.6, { type: 'barometer', data: '1.60 hPa, Thunderstorm' }],
    ['internal_temperature', 'K', 315, { type: 'temperature', data: '315.00 °C' }],
    ['flow_temperature_volume', 'm³·°C', 136_449, { type: 'temperature', data: '136449.00 °C' }],
    ['date', undefined, '2026-01-01', { type: 'custom', data: '2026 ??' }],
    ['customer_number_low', undefined, 44_332_211, { type: 'custom', data: '4.43322e+07 ??' }],
  ])('%s in %s', (key, unit, value, wrong) => {
    const config = { unit_of_measurement: unit };
    const state = { [key]: value };
    const before = { ...config, value_template: TEMPLATES.component.value(key) };
    expect(leftBehind(key, before, state)).toEqual({ device: wrong, battery: undefined });
    const now = { ...config, value_template: templatesFor({ key, unit }, TEMPLATES.component).value(key) };
    for (const release of RELEASES)
      expect(leftBehind(key, now, state, release)).toEqual({ device: undefined, battery: undefined });
  });

  it('the ratio of readings to what the battery is made for', () => {
    const key = 'battery_ratio';
    const before = { value_template: TEMPLATES.component.value(key) };
    expect(leftBehind(key, before, { [key]: 0.04 })).toEqual({ device: undefined, battery: 0 });
    const now = { value_template: templatesFor({ key, unit: undefined }, TEMPLATES.component).value(key) };
    for (const release of RELEASES)
      expect(leftBehind(key, now, { [key]: 0.04 }, release)).toEqual({
        device: undefined,
        battery: undefined,
      });
  });

  it('counters in kWh that begin anew, wrap, or have a power of their own', () => {
    const isRead = (key: string, unit: string) =>
      templatesFor({ key, unit }, TEMPLATES.component) === TEMPLATES.component;
    expect(isRead('heat_energy', 'kWh')).toBe(true);
    expect(isRead('heat_energy_day', 'kWh')).toBe(false);
    expect(isRead('heat_energy_day', 'MWh')).toBe(true);
    expect(isRead('heat_energy_high_resolution', 'Wh')).toBe(false);
    expect(isRead('active_energy_import', 'kWh')).toBe(false);
  });

  it('stays left out while it is awaited', () => {
    const held = new Map([
      ['volume', { platform: 'sensor', unique_id: 'd_volume', unit_of_measurement: 'm³' }],
    ]);
    const naming = {
      deviceId: 'd',
      slug: 's',
      name: 'S',
      stateTopic: 'base/1/state',
      templates: TEMPLATES.component,
      kind: null,
      language: 'en' as const,
    };
    const kept = keptComponents({ device: {}, components: held }, new Set(), 'anything', naming);
    expect(kept[0]?.[1]).toMatchObject({ value_template: TEMPLATES.device.value('volume') });
  });
});
