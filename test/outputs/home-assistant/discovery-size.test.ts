import { describe, expect, it } from 'vitest';
import { topicsBelow } from '../../../src/mqtt/topics.ts';
import { devicePayload, readDiscovery } from '../../../src/outputs/home-assistant/abbreviations.ts';
import { bridgeDiscovery, meterDiscovery } from '../../../src/outputs/home-assistant/devices.ts';
import type { DeviceDiscovery } from '../../../src/outputs/home-assistant/discovery.ts';
import { MODELS, type ModelName } from '../../../src/simulator/models/models.ts';
import { PolledLine } from '../../support/polled-line.ts';
import { FEW, METER } from '../support/meter-readings.ts';
import { asHomeAssistant } from './support/as-home-assistant.ts';

const TOPICS = topicsBelow('multical2mqtt');
const ORIGIN = { name: 'multical2mqtt', sw_version: '1.2.3' };
const HOUR = 3_600_000;

/** Bytes that the device's payload of a meter may have, whatever its configuration asks for. */
const MOST: Readonly<Record<ModelName, number>> = {
  '302': 27_000,
  '303': 37_500,
  '402': 32_500,
  '403': 37_000,
  '601': 35_500,
  '602': 35_500,
  '603': 36_500,
  '801': 35_000,
  '803': 36_500,
  '62': 21_000,
  '21': 21_500,
  'flowiq-21xx': 21_500,
  'flowiq-22xx': 22_000,
  'flowiq-31xx': 21_500,
  kwm2231: 24_500,
  '382': 51_000,
  '162': 49_000,
  '282': 51_000,
  '351': 52_000,
  omnipower: 52_000,
  '403-mwh': 37_000,
  '402-mwh': 32_500,
  '403-long': 37_000,
  '302-kwh': 27_000,
  '603-gcal': 36_000,
  '601-gj-x10': 35_000,
  '601-litres': 35_500,
  '21-litres': 21_500,
};

/** Everything that the bridge may ever announce of such a meter. */
async function wholeDiscovery(model: ModelName): Promise<DeviceDiscovery> {
  const home = new PolledLine({
    meters: [{ model }],
    now: Date.UTC(2026, 0, 1),
    timezone: 'UTC',
    registers: MODELS[model].registers.map(([id]) => id),
    heatEnergyInKwh: true,
    gasEquivalent: 31.6,
    fineEnergy: true,
    meanTemperatures: true,
  });
  await home.firstReading();
  for (let reading = 0; reading < 4; reading++) {
    await home.clock.advance(HOUR);
    await home.tick('hourly');
  }
  const { meter, latest } = home.publisher.readings.at(-1) ?? { latest: [] };
  await home.stop();
  if (meter === undefined) throw new Error('no reading');
  return meterDiscovery(meter, latest, TOPICS, ORIGIN);
}

/** As it was published before it was shortened. */
const inLongNames = (discovery: DeviceDiscovery): string => JSON.stringify(discovery);

/** What Home Assistant makes an entity of: a button has no state, wherever one is shared. */
function entities(payload: string): unknown {
  const { state_topic: _, components, ...root } = asHomeAssistant(payload);
  const { read_now: { state_topic: __, ...button } = {}, ...others } = components;
  return { ...root, components: { ...others, button } };
}

describe.each(Object.keys(MODELS) as ModelName[])('the discovery of a whole %s', (model) => {
  it('is short, and the same to Home Assistant as in long names', async () => {
    const discovery = await wholeDiscovery(model);
    const payload = devicePayload(discovery);
    expect(Buffer.byteLength(payload)).toBeLessThanOrEqual(MOST[model]);
    expect(Buffer.byteLength(payload)).toBeLessThan(0.8 * Buffer.byteLength(inLongNames(discovery)));
    expect(entities(payload)).toEqual(entities(inLongNames(discovery)));
    expect(asLong(payload)).toEqual(JSON.parse(inLongNames(discovery)));
  });
});

/** As we read it ourselves at the next start. */
function asLong(payload: string): unknown {
  const { state_topic: _, ...content } = readDiscovery(payload);
  return content;
}

describe('a shortened payload', () => {
  it('is the same to Home Assistant for the bridge, whose entities have a state topic each', () => {
    const discovery = bridgeDiscovery(TOPICS, ORIGIN);
    expect(asHomeAssistant(devicePayload(discovery))).toEqual(asHomeAssistant(inLongNames(discovery)));
    expect(devicePayload(discovery)).toContain('"stat_t":"multical2mqtt/bridge/state"');
  });

  it('leaves a component that is to go with nothing but its platform', () => {
    const discovery = meterDiscovery(METER, FEW, TOPICS, ORIGIN);
    const payload = devicePayload(discovery, { power: { platform: 'sensor' } });
    expect(asHomeAssistant(payload).components.power).toEqual({ platform: 'sensor' });
    expect(asLong(payload)).toMatchObject({ components: { power: { platform: 'sensor' } } });
  });

  it.each([
    'null',
    '[]',
    '{"cmps":7,"dev":[],"avty":{"t":"x"}}',
    '{"stat_t":"x","cmps":{"a":7,"b":null}}',
  ])('of somebody else is read without harm: %s', (payload) => {
    expect(() => readDiscovery(payload)).not.toThrow();
  });
});
